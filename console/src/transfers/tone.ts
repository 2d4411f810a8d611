import type { TransferState } from '@zhiyin/shared/api/transfers'

/** The colour a state of a hand-over is shown in; none for what is under way. */
export const toneOf: Readonly<Record<TransferState, '' | 'ok' | 'warn' | 'bad'>> = {
  planned: '',
  calling: '',
  unsure: 'warn',
  waiting: '',
  done: 'ok',
  refused: 'bad',
  full: 'bad',
  failed: 'bad',
}
