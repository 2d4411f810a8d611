import { monotonicFactory } from 'ulid'
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
  channel: 'chn',
  group: 'grp',
  push: 'psh',
  tag: 'tag',
  inbox: 'inb',
  audit: 'aud',
} as const
export type IdKind = keyof typeof prefixes
export type NewId = (kind: IdKind) => string

/** Ids that sort by the time they were made: `cus_01J…`. */
export const createIds = (clock: Clock): NewId => {
  const next = monotonicFactory()
  return (kind) => `${prefixes[kind]}_${next(clock.now())}`
}
