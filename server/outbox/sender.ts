import { because, type Because } from '@zhiyin/shared/because'
import type { SenderChoice } from '@zhiyin/shared/intent'
import type { CustomerView } from '../profile/view.ts'

type Asked = {
  readonly choice: SenderChoice
  /** Who brought the customer in, where known. */
  readonly brought?: string | null
  /** Who talked with them last, where known. */
  readonly lastTalk?: string | null
  /** Only these may send; absent: anybody who holds them. */
  readonly among?: readonly string[]
  readonly names: ReadonlyMap<string, string>
}

/** `because` is null where there was nobody to choose between. `other`: who would be asked next. */
export type Chosen = { readonly userid: string; readonly other: string | null; readonly because: Because | null }

/**
 * The rep who sends: one who holds the customer, by the choice made; where it names nobody (nobody brought them in, nobody talked
 * yet), the one who added them last. Null: nobody holds them.
 */
export const chooseSender = ({ follows }: Pick<CustomerView, 'follows'>, asked: Asked): Chosen | null => {
  const { choice, brought = null, lastTalk = null, among, names } = asked
  const holding = follows.filter(({ state }) => state === 'following')
  const able = holding.filter(({ userid }) => among === undefined || among.includes(userid))
  const newest = able.toSorted((a, b) => b.since.getTime() - a.since.getTime())
  const named = { brought, last_talk: lastTalk, longest: newest.at(-1)?.userid, newest: newest[0]?.userid }[choice]
  const found = able.find(({ userid }) => userid === named)
  const first = found ?? newest[0]
  if (first === undefined) return null
  const { userid } = first
  const other = newest.find((follow) => follow.userid !== userid)?.userid ?? null
  const rep = names.get(userid) ?? userid
  if (holding.length < 2) return { userid, other, because: null }
  if (able.length < 2) return { userid, other, because: because('send.sender_among', { rep }) }
  return {
    userid,
    other,
    because: because(found === undefined ? 'send.sender_newest' : `send.sender_${choice}`, { rep }),
  }
}
