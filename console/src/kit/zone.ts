import type { InjectionKey } from 'vue'
import { need } from './inject.ts'

/** The company's time zone: every day and time is shown and entered by its clocks, wherever the reader is. */
export const zoneKey: InjectionKey<string> = Symbol('zone')

export const useZone = (): string => need(zoneKey)
