import type { Clock } from '../../platform/clock.ts'
import type { Hold } from '../../profile/read.ts'
import type { CustomerPair, WecomRead } from '../../wecom/types.ts'
import { differs, isKnown } from '../compare.ts'
import type { Difference } from '../gaps.ts'
import type { RunDoc } from '../runs.model.ts'
import type { Walked } from '../walked.ts'
import { checkBrake, type Around, type Part } from './part.ts'

/** A step walks about so many pairs: some seconds, and as much as a crash costs again. */
const perStep = 2000
/** The platform's most (apis.md §3). */
const repsPerCall = 100

type Deps = {
  clock: Clock
  wecom: Pick<WecomRead, 'batchGetByUser' | 'listContacts'>
  walked: Walked
  holdsOf: (externalUserIds: readonly string[]) => Promise<Hold[]>
  heldBy: (userids: readonly string[]) => AsyncIterable<Hold>
  /** Keeps WeCom's word of a pair; a hold we did not know becomes a fact. Safe to repeat. */
  save: (pairs: readonly CustomerPair[], askedAt: Date) => Promise<void>
}

type Page = { readonly found: readonly CustomerPair[]; readonly askedAt: Date }

const pairKey = (userid: string, externalUserId: string): string => `${userid} ${externalUserId}`
/** Our hold stands, so WeCom must list it; who deleted the rep is still in the rep's list. */
const stands = ({ state }: Hold): boolean => state === 'following'

/** Reps and their customers. Reps are walked in the order of their ids; `place` is the last one done. */
export const createContactsPart = ({ wecom, clock, walked, holdsOf, heldBy, save }: Deps): Part => {
  const restOf = ({ reps, place }: RunDoc): string[] =>
    place === null ? reps : reps.filter((userid) => userid > place)

  /** As many of the next reps as make up about one step: their customers are counted from the walk before, or as the average so far. */
  const nextReps = async (rest: readonly string[], average: number | null): Promise<string[]> => {
    const counts = await walked.counts(rest.slice(0, repsPerCall))
    const group: string[] = []
    let pairs = 0
    for (const userid of rest.slice(0, repsPerCall)) {
      const more = counts.get(userid) ?? average ?? perStep
      if (group.length > 0 && pairs + more > perStep) break
      group.push(userid)
      pairs += more
    }
    return group
  }

  const missingOf = async (
    run: RunDoc,
    reps: readonly string[],
    listed: ReadonlySet<string>,
  ): Promise<Difference[]> => {
    const missing: Difference[] = []
    let held = 0
    for await (const hold of heldBy(reps)) {
      if (!stands(hold)) continue
      held += 1
      const { userid, externalUserId } = hold
      if (listed.has(pairKey(userid, externalUserId))) continue
      missing.push({ kind: 'contact.deleted', subject: { userid, externalUserId } })
    }
    checkBrake(run, missing.length, held)
    return missing
  }

  /** What is new of reps we knew is a gap, the rest is kept as WeCom tells it. */
  const page = async ({ found: pairs, askedAt }: Page, known: ReadonlySet<string>, suspect: Around['suspect']) => {
    const holds = new Map(
      (await holdsOf(pairs.map(({ contact }) => contact.externalUserId))).map((hold) => [
        pairKey(hold.userid, hold.externalUserId),
        hold,
      ]),
    )
    const gaps: Difference[] = []
    const quiet = pairs.filter(({ contact: { externalUserId }, follow }) => {
      const hold = holds.get(pairKey(follow.userid, externalUserId))
      const subject = { userid: follow.userid, externalUserId }
      const added = known.has(follow.userid) && !isKnown(hold, follow)
      const edited = !added && hold?.told !== undefined && hold.told !== null && differs(hold.told, follow)
      if (added) gaps.push({ kind: 'contact.added', subject })
      else if (edited) gaps.push({ kind: 'contact.edited', subject })
      return !added && !edited
    })
    await Promise.all([suspect(gaps), save(quiet, askedAt)])
  }

  /** Everything WeCom says of these reps' customers. */
  const walk = async ({ run, suspect, alive }: Around, reps: readonly string[]): Promise<number> => {
    const known = await walked.counts(reps)
    const listed = new Set<string>()
    const counts = new Map(reps.map((userid) => [userid, 0]))
    let pairs = 0
    let askedAt = clock.date()
    for await (const found of wecom.batchGetByUser(reps)) {
      await page({ found, askedAt }, new Set(known.keys()), suspect)
      for (const { contact, follow } of found) {
        listed.add(pairKey(follow.userid, contact.externalUserId))
        counts.set(follow.userid, (counts.get(follow.userid) ?? 0) + 1)
      }
      pairs += found.length
      await alive({ customers: found.length })
      askedAt = clock.date()
    }
    await suspect(await missingOf(run, [...known.keys()], listed))
    await walked.keep(counts)
    return pairs
  }

  /** Only who holds whom: one call per rep. */
  const compare = async ({ run, suspect, alive }: Around, userid: string): Promise<void> => {
    const ids = await wecom.listContacts(userid)
    const [listed, held] = [new Set(ids.map((id) => pairKey(userid, id))), new Set<string>()]
    const missing = await missingOf(run, [userid], listed)
    for await (const { externalUserId } of heldBy([userid])) held.add(externalUserId)
    const added = ids.filter((id) => !held.has(id))
    await suspect([
      ...missing,
      ...added.map((externalUserId) => ({ kind: 'contact.added' as const, subject: { userid, externalUserId } })),
    ])
    await alive({ customers: ids.length })
  }

  return {
    step: async (around) => {
      const { run } = around
      const rest = restOf(run)
      if (rest.length === 0) return { place: null }
      const done = run.reps.length - rest.length
      const average = done === 0 ? null : run.customers / done
      const reps = await nextReps(rest, average)
      const known = await walked.counts(reps)
      let pairs = 0
      if (run.kind === 'full') pairs = await walk(around, reps)
      else {
        const fresh = reps.filter((userid) => !known.has(userid))
        for (const userid of reps.filter((one) => known.has(one))) await compare(around, userid)
        if (fresh.length > 0) pairs = await walk(around, fresh)
      }
      const left = rest.slice(reps.length)
      const counts = await walked.counts(left)
      const soFar = (run.customers + pairs) / (done + reps.length)
      const expected = left.reduce((sum, userid) => sum + (counts.get(userid) ?? soFar), run.customers + pairs)
      return { place: left.length === 0 ? null : (reps.at(-1) ?? null), set: { expected: Math.round(expected) } }
    },
  }
}
