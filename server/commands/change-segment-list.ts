import type { Condition } from '@zhiyin/shared/condition'
import type { Audit } from '../audit/audit.ts'
import { nameOf, scopeOf, type SignedIn } from '../platform/actor.ts'
import type { Segments } from '../segments/segments.ts'

type Deps = { segments: Pick<Segments, 'lists' | 'fill'>; audit: Audit }

/** What stands in a fact as who did it: a member by their userid, so that the timeline has their name. */
const userOf = (actor: SignedIn): string => (actor.kind === 'member' ? actor.userid : nameOf(actor))

/** A manager puts customers of theirs into a static list, takes them out, or has it filled with all who meet a condition. */
export const changeSegmentList = ({ segments, audit }: Deps) => {
  const change = (act: 'put' | 'take') => async (actor: SignedIn, id: string, who: readonly string[]) => {
    const answer = await segments.lists[act](id, who, scopeOf(actor), userOf(actor))
    const { changed, same, unknownCount } = answer
    const detail = { changed, same, unknown: unknownCount }
    await audit.record({ actor, act: `segment.${act}`, subject: `segment:${id}`, detail })
    return answer
  }
  return {
    put: change('put'),
    take: change('take'),
    fill: async (actor: SignedIn, id: string, condition: Condition) => {
      const list = await segments.fill(id, condition, scopeOf(actor), userOf(actor))
      const detail = { condition, total: list.filling?.total ?? 0 }
      await audit.record({ actor, act: 'segment.fill', subject: `segment:${id}`, detail })
      return list
    },
  }
}
