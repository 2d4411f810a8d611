import type { Import } from '@zhiyin/shared/api/imports'

export const toneOf: Readonly<Record<Import['state'], '' | 'ok' | 'warn' | 'bad'>> = {
  uploading: 'warn',
  mapping: 'warn',
  running: '',
  paused: 'warn',
  done: 'ok',
  cancelled: '',
  failed: 'bad',
}

/** Whether something may still come of it by itself. */
export const goesOn = ({ state }: Import): boolean => state === 'running'
