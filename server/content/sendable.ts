import { isDeepStrictEqual } from 'node:util'
import { because, type Because } from '@zhiyin/shared/because'
import { saysSomething, type ContentBody, type Who } from '@zhiyin/shared/content'
import type { Clock } from '../platform/clock.ts'
import type { Wording } from './contents.model.ts'
import { inForce, refusalOf, type ContentItem } from './item.ts'
import { createCompile, type Rendered } from './render.ts'
import type { Vars } from './vars.ts'

/** Another process may have changed the content; look again after this long. */
const freshMs = 1000
const maxKept = 500

type Kept = {
  item: ContentItem
  approval: boolean
  checkedAt: number
  version: number | null
  said: Wording
  render: (who: Who, vars: Vars) => Promise<Rendered>
}

type Deps = Parameters<typeof createCompile>[0] & {
  clock: Clock
  load: (id: string) => Promise<ContentItem | null>
  approval: () => Promise<boolean>
  wordingOf: (contentId: string, version: number) => Promise<Wording | null>
}

/** What of a wish the room has a say in. */
type Wish = {
  readonly contentId?: string
  readonly body?: ContentBody | null
  readonly dueAt?: Date
  readonly expiresAt: Date
  readonly refusal?: Because | null
  readonly overBecause?: Because
}

/** What may be sent of contents now, from templates compiled once per version; nothing is parsed per message. */
export const createSendable = ({ clock, load, approval, wordingOf, ...deps }: Deps) => {
  const compile = createCompile(deps)
  const kept = new Map<string, Kept>()

  const fresh = async (id: string): Promise<Kept | null> => {
    const now = clock.now()
    const had = kept.get(id)
    if (had !== undefined && Math.abs(now - had.checkedAt) < freshMs) return had
    const [item, needed] = await Promise.all([load(id), approval()])
    if (item === null) return null
    const version = inForce(item, needed)
    const wording = version === null || version === item.version ? item : await wordingOf(id, version)
    if (wording === null) return null
    const { name, body, variants, couponId } = wording
    const said = { name, body, variants, couponId }
    // A version stays as it is, but for whom is taken out of it.
    const same = had !== undefined && had.version === version && isDeepStrictEqual(had.said, said)
    const render = same ? had.render : compile(wording)
    const oldest = kept.keys().next()
    if (kept.size >= maxKept && oldest.done !== true) kept.delete(oldest.value)
    const made = { item, approval: needed, checkedAt: now, version, said, render }
    kept.set(id, made)
    return made
  }

  /** Why a content cannot be sent at a moment; null: it can, or there is none. */
  const refusal = async (id: string, at: Date): Promise<Because | null> => {
    const found = await fresh(id)
    return found === null ? null : refusalOf(found.item, found.approval, at)
  }

  return {
    refusal,
    /** The variant for somebody with the variables filled in; null where there is no such content, it may not be sent now, or says nothing to them. */
    async render(id: string, who: Who, vars: Vars): Promise<Rendered | null> {
      const found = await fresh(id)
      if (found === null || refusalOf(found.item, found.approval, clock.date()) !== null) return null
      const rendered = await found.render(who, vars)
      // Its conditions may leave nothing to say to them.
      return saysSomething(rendered.body) ? rendered : null
    },
    /**
     * Wishes with the content's own reason where it may not be sent when they are due. One that is due before the content expires waits
     * no longer than until then, and says so when it has not gone by then.
     */
    admit: async <T extends Wish>(wishes: readonly T[]): Promise<readonly T[]> =>
      Promise.all(
        wishes.map(async (wish) => {
          if (wish.contentId === undefined) return wish
          const why = await refusal(wish.contentId, wish.dueAt ?? clock.date())
          if (why !== null) return { ...wish, refusal: why }
          const item = kept.get(wish.contentId)?.item
          const until = item?.expiresAt ?? null
          if (item === undefined || until === null || until >= wish.expiresAt) return wish
          const overBecause = because('block.content_expired', { content: item.name, at: until.getTime() })
          return { ...wish, expiresAt: until, overBecause }
        }),
      ),
    forget: (id: string): void => void kept.delete(id),
  }
}
