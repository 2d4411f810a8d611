import type { Broadcast, BroadcastCounts } from '@zhiyin/shared/broadcast'

export const places = [
  'delivered',
  'waiting',
  'open',
  'expired',
  'cancelled',
  'quota_used',
  'not_friend',
  'blocked',
  'failed',
] as const satisfies (keyof BroadcastCounts)[]

export const toneOf = (place: (typeof places)[number]): '' | 'ok' | 'warn' | 'bad' => {
  if (place === 'delivered') return 'ok'
  if (place === 'failed') return 'bad'
  return place === 'open' || place === 'cancelled' ? '' : 'warn'
}

export const stateTone = (state: Broadcast['state']): '' | 'ok' | 'warn' =>
  state === 'done' ? 'ok' : state === 'cancelled' || state === 'scheduled' ? '' : 'warn'

/** What is still going on changes by itself. */
export const goesOn = ({ state, counts }: Broadcast): boolean =>
  state !== 'done' && !(state === 'cancelled' && counts.open + counts.waiting === 0)
