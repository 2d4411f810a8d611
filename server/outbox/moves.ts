import type { Because } from '@zhiyin/shared/because'
import type { IntentState } from '@zhiyin/shared/intent'

/** Every legal move of an intent. Whoever changes a state does it through `moved`, so no other move can be written. */
export const moves = {
  /** Not now (quiet hours): stays wanted until then. */
  wait: { from: ['wanted'], to: 'wanted' },
  /** Permitted and claimed in one write; both stand in the history. */
  admit: { from: ['wanted'], to: 'claimed' },
  /** It goes along in the message of another, and ends as that one does. */
  join: { from: ['wanted'], to: 'permitted' },
  /** What it went along in did not arrive: it is decided about by itself. */
  part: { from: ['permitted'], to: 'wanted' },
  /** Its hours or days were over before it could go: it is decided about anew. */
  defer: { from: ['permitted'], to: 'wanted' },
  arrive: { from: ['permitted'], to: 'sent' },
  block: { from: ['wanted', 'permitted'], to: 'blocked' },
  claim: { from: ['permitted'], to: 'claimed' },
  /** The call was certainly not made, or WeCom certainly did not do it. */
  putBack: { from: ['claimed'], to: 'permitted' },
  sent: { from: ['claimed', 'unsure'], to: 'sent' },
  fail: { from: ['claimed', 'unsure'], to: 'failed' },
  /** The answer was lost. */
  doubt: { from: ['claimed', 'unsure'], to: 'unsure' },
  /** WeCom's own list shows that it did not happen. */
  absent: { from: ['unsure'], to: 'permitted' },
  /** What was begun stays in doubt, but the rest was certainly not begun. */
  resume: { from: ['unsure'], to: 'permitted' },
  /** Stopped in WeCom before anybody confirmed it, for somebody else in the same message; it goes out again without them. */
  anew: { from: ['sent'], to: 'permitted' },
  /** Repeating is safe, so it is done again. */
  repeat: { from: ['unsure'], to: 'claimed' },
} as const satisfies Record<string, { from: readonly IntentState[]; to: IntentState }>

export type Move = keyof typeof moves

type Change = {
  at: Date
  because: readonly Because[]
  /** When to look again; null: nothing is left to do. */
  lookAt: Date | null
  set?: Record<string, unknown>
}

/** The guard and the change of a move, for one update statement. */
export const moved = (move: Move, { at, because, lookAt, set = {} }: Change) => {
  const { from, to } = moves[move]
  const reasons = [...because]
  const passed = move === 'admit' ? [{ state: 'permitted' as const, at, because: reasons }] : []
  return {
    guard: { state: { $in: [...from] } },
    update: {
      $set: { state: to, because: reasons, ...set, ...(lookAt === null ? {} : { lookAt }) },
      $push: { history: { $each: [...passed, { state: to, at, because: reasons }] } },
      ...(lookAt === null ? { $unset: { lookAt: 1 as const } } : {}),
    },
  }
}
