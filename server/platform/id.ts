import { randomFillSync } from 'node:crypto'
import { decodeTime, encodeTime, monotonicFactory } from 'ulid'
import type { Clock } from './clock.ts'

const prefixes = {
  customer: 'cus',
  fact: 'fct',
  rule: 'rul',
  run: 'run',
  intent: 'int',
  message: 'msg',
  task: 'tsk',
  content: 'cnt',
  coupon: 'cpb',
  talkTrack: 'tlk',
  channel: 'chn',
  group: 'grp',
  groupChange: 'gch',
  joinWay: 'gjw',
  groupWelcome: 'gwt',
  push: 'psh',
  broadcast: 'brd',
  tag: 'tag',
  tagRule: 'tgr',
  inbox: 'inb',
  asset: 'ast',
  audit: 'aud',
  transfer: 'trf',
  handover: 'hnd',
  sync: 'syn',
  gap: 'gap',
  import: 'imp',
  merge: 'mrg',
  season: 'sea',
  segment: 'seg',
  export: 'exp',
  erasure: 'ers',
  dataExport: 'dex',
  reject: 'rej',
  linkOpen: 'opn',
  tierScheme: 'tsc',
  tierTrial: 'ttr',
  tierPiece: 'tpc',
  backtest: 'bkt',
} as const
export type IdKind = keyof typeof prefixes
export type NewId = (kind: IdKind) => string

/** The smallest id of a moment: whatever was made before it sorts before it. */
export const idAt = (kind: IdKind, ms: number): string => `${prefixes[kind]}_${encodeTime(Math.max(0, ms), 10)}`

/** When an id was made, ms. */
export const madeAt = (id: string): number => decodeTime(id.slice(id.indexOf('_') + 1))

/** Random numbers in 0..1 from the system, fetched 4 kB at a time: asking for each byte alone costs more than the rest of an id. */
const bufferedRandom = (): (() => number) => {
  const bytes = new Uint8Array(4096)
  let used = bytes.length
  return () => {
    if (used >= bytes.length) {
      randomFillSync(bytes)
      used = 0
    }
    return (bytes[used++] ?? 0) / 256
  }
}

/** Ids that sort by the time they were made: `cus_01J…`. */
export const createIds = (clock: Clock): NewId => {
  const next = monotonicFactory(bufferedRandom())
  return (kind) => `${prefixes[kind]}_${next(clock.now())}`
}
