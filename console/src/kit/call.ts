import '@zhiyin/shared/strict'
import type { Call } from '@zhiyin/shared/api/client'
import type { InjectionKey } from 'vue'
import { need } from './inject.ts'

/** How the console asks the server; provided once by main.ts, by a stand-in in tests. */
export const callKey: InjectionKey<Call> = Symbol('call')
export const useCall = (): Call => need(callKey)
