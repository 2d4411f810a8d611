import { AppError, type Retry } from '../platform/errors.ts'
import type { WecomErrorKind } from './types.ts'

/** What each errcode means for us (errors.md). A code that is not here is `refused` and reported: never a success, never retried for ever. */
const codes: Readonly<Record<Exclude<WecomErrorKind, 'ambiguous' | 'unreachable'>, readonly number[]>> = {
  /** The token is stale: one refetch, one repeat. */
  token: [40001, 40014, 42001],
  /** Busy or too much at once: later, more and more slowly. */
  busy: [-1, 6000, 45033, 41063, 41079, 41078, 50100],
  /** The call limit is used up: nothing on this path until the window ends. */
  blocked: [45009],
  /** A setting in WeCom or of ours is wrong: a person must act. */
  config: [
    40013, 40091, 41001, 45031, 48001, 48002, 48004, 48005, 48006, 48009, 60020, 50003, 50006, 301002, 40056, 43009,
    90510, 50001, 85004, 85005, 85008, 41057, 40126, 41045, 41055, 41058, 41095, 90206, 90207, 90208, 40143, 93000,
    93004, 93006, 93008,
  ],
  /** The person, pair, tag, message or group does not exist for us (any more). */
  gone: [84061, 40096, 60111, 40003, 46004, 40068, 41044, 41047, 90501, 90509, 90511, 84083, 84084, 60003, 60123],
  /** Known refusals of this one request: no retry, no alert. */
  refused: [
    45029, 40029, 42003, 42022, 84014, 84015, 40031, 40032, 40035, 60011, 60021, 50002, 40007, 45002, 40071, 84074,
    41054, 40098, 41048, 41049, 41050, 41051, 41053, 41096, 41093, 41094, 40201, 40204, 85002, 82004, 81013, 60140,
    42052, 42012, 40097, 40099, 40100, 40128, 40129, 40130, 40131, 40205, 90500, 90502, 90503, 90504, 90507, 90508,
  ],
}

const kinds: ReadonlyMap<number, WecomErrorKind> = new Map([
  ...pairs('token', codes.token),
  ...pairs('busy', codes.busy),
  ...pairs('blocked', codes.blocked),
  ...pairs('config', codes.config),
  ...pairs('gone', codes.gone),
  ...pairs('refused', codes.refused),
])

function pairs(kind: WecomErrorKind, list: readonly number[]): [number, WecomErrorKind][] {
  return list.map((code) => [code, kind])
}

/** The kind of an errcode; `refused` for one nobody knows. */
export const kindOf = (errcode: number): WecomErrorKind => kinds.get(errcode) ?? 'refused'
const isKnown = (errcode: number): boolean => kinds.has(errcode)

const BLOCKED_MS = 60_000
const CONFIG_MS = 60_000

/** A minute limit blocks for 60 s; a configuration fault is looked at again after a minute, in case a person has mended it. */
const retries: Readonly<Record<WecomErrorKind, Retry>> = {
  token: 'backoff',
  busy: 'backoff',
  blocked: { afterMs: BLOCKED_MS },
  refused: 'never',
  config: { afterMs: CONFIG_MS },
  gone: 'never',
  ambiguous: 'never',
  unreachable: 'backoff',
}

type Told = {
  kind: WecomErrorKind
  path: string
  /** 0 when no errcode came. */
  errcode: number
  /** WeCom's own words, for people. */
  hint: string
  /** How long to leave the path alone, where more is known than the kind says. */
  afterMs?: number
  cause?: unknown
}

/**
 * A call of WeCom that failed. `kind` decides everything: whether to retry, whom to tell. Two codes reach a person: `wecom.refused`
 * with the errcode, and `wecom.unreachable` when there was no answer.
 */
export class WecomError extends AppError {
  readonly kind: WecomErrorKind
  readonly errcode: number
  readonly path: string
  readonly hint: string

  constructor({ kind, path, errcode, hint, afterMs, cause }: Told) {
    const lost = kind === 'ambiguous' || kind === 'unreachable'
    super(lost ? 'wecom.unreachable' : 'wecom.refused', {
      params: lost ? { path } : { path, errcode, hint },
      retry: afterMs === undefined ? retries[kind] : { afterMs },
      status: lost || kind === 'busy' || kind === 'blocked' ? 503 : 502,
      report: kind === 'config' || (kind === 'refused' && !isKnown(errcode)),
      cause,
    })
    this.name = 'WecomError'
    this.kind = kind
    this.errcode = errcode
    this.path = path
    this.hint = hint
  }
}

/** WeCom's errmsg without the link at its end; it may name the calling IP (60020), which a person needs. */
export const hintOf = (errmsg: string): string => errmsg.replace(/,? ?more info at \S+$/, '').slice(0, 300)

export const isWecomError = (error: unknown, ...errcodes: readonly number[]): error is WecomError =>
  error instanceof WecomError && (errcodes.length === 0 || errcodes.includes(error.errcode))
