import { eachOf } from '../../platform/parallel.ts'
import type { WecomRead } from '../../wecom/types.ts'
import type { Difference } from '../gaps.ts'
import type { KeptGroup } from '../recheck.ts'
import type { Walked } from '../walked.ts'
import { checkBrake, type Part } from './part.ts'

const perStep = 50
const atOnce = 5

/** Among the walked: the groups have been taken over once. */
const mark = '#groups'

type Deps = {
  walked: Walked
  wecom: Pick<WecomRead, 'groupChats' | 'groupChat'>
  /** Chat ids of all groups we keep. */
  known: () => Promise<readonly string[]>
  /** Kept groups in the order of chat ids. */
  kept: (after: string, limit: number) => Promise<readonly KeptGroup[]>
  /** Takes over a group, where none is known yet. */
  takeOver: (chatId: string) => Promise<unknown>
}

/**
 * Customer groups. The first step compares the list; in a full run the others read every group and compare it with what is kept:
 * the list itself tells of no changes. `place` is the last chat id done.
 */
export const createGroupsPart = ({ walked, wecom, known, kept, takeOver }: Deps): Part => {
  const listed = async (): Promise<string[]> => {
    const ids: string[] = []
    for await (const page of wecom.groupChats()) ids.push(...page.map(({ chatId }) => chatId))
    return ids
  }

  return {
    step: async ({ run, suspect, alive }) => {
      if (run.place === null) {
        const [ours, theirs] = [new Set(await known()), new Set(await listed())]
        await alive({ groups: theirs.size })
        const fresh = [...theirs].filter((chatId) => !ours.has(chatId))
        const missing = [...ours].filter((chatId) => !theirs.has(chatId))
        checkBrake(run, missing.length, ours.size)
        const difference = (kind: 'group.created' | 'group.dismissed') => (chatId: string) => ({
          kind,
          subject: { chatId },
        })
        const first = !(await walked.counts([mark])).has(mark)
        if (first) {
          await eachOf(fresh, atOnce, async (chatId) => {
            await takeOver(chatId)
            await alive()
          })
          await walked.keep(new Map([[mark, theirs.size]]))
        } else await suspect(fresh.map(difference('group.created')))
        await suspect(missing.map(difference('group.dismissed')))
        return { place: run.kind === 'light' || first ? null : ' ' }
      }
      const groups = await kept(run.place, perStep)
      const changed: Difference[] = []
      await eachOf(groups, atOnce, async ({ chatId, name, owner, memberVersion }) => {
        const now = await wecom.groupChat(chatId)
        if (now === null) return
        const same = now.name === name && now.owner === owner && (now.memberVersion ?? null) === memberVersion
        if (!same) changed.push({ kind: 'group.changed', subject: { chatId } })
      })
      await suspect(changed)
      await alive()
      return { place: groups.length < perStep ? null : (groups.at(-1)?.chatId ?? null) }
    },
  }
}
