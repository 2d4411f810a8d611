import {
  contentOf,
  contentParts,
  ruleOf,
  talkOf,
  type Installed,
  type PlaybookRuleId,
  type Trade,
} from '@zhiyin/shared/playbooks'
import type { Lang } from '@zhiyin/shared/text'
import type { Audit } from '../audit/audit.ts'
import type { Contents } from '../content/contents.ts'
import type { Coupons } from '../coupons/coupons.ts'
import { writerOf, type SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import { isDuplicate } from '../platform/mongo.ts'
import type { PartKind, PlaybookParts } from '../playbooks/parts.ts'
import type { Rules } from '../rules/room.ts'
import type { TalkTracks } from '../talk/talk-tracks.ts'

type Deps = {
  parts: PlaybookParts
  contents: Pick<Contents, 'create' | 'find'>
  coupons: Pick<Coupons, 'get'>
  talkTracks: Pick<TalkTracks, 'create' | 'find'>
  rules: { readonly store: Pick<Rules['store'], 'create' | 'has'> }
  newId: NewId
  audit: Audit
}
type Part = Installed['contents'][number]
const idKinds = { content: 'content', talk: 'talkTrack', rule: 'rule' } as const

/** A manager takes rules of a playbook: their contents, the talk tracks and the rules as drafts. What is there already stays as it is. */
export const installPlaybook = ({ parts, contents, coupons, talkTracks, rules, newId, audit }: Deps) => {
  /** Codes of a batch that is over would go to nobody. */
  const checkBatch = async (id: string): Promise<void> => {
    const { name, expired } = await coupons.get(id)
    if (expired) throw new AppError('playbook.coupon_over', { status: 422, params: { name } })
  }
  return async (
    actor: SignedIn,
    trade: Trade,
    wanted: readonly PlaybookRuleId[],
    lang: Lang,
    couponId: string | null = null,
  ): Promise<Installed> => {
    if (couponId !== null) await checkBatch(couponId)
    const by = writerOf(actor)
    const take = async (
      kind: PartKind,
      part: string,
      name: string,
      has: (id: string) => Promise<boolean>,
      make: (id: string) => Promise<unknown>,
    ): Promise<Part> => {
      const id = await parts.claim(trade.id, kind, part, newId(idKinds[kind]), by.name)
      if (await has(id)) return { id, name, existed: true }
      try {
        await make(id)
        return { id, name, existed: false }
      } catch (error) {
        // Somebody installs the same at the same moment.
        if (!isDuplicate(error)) throw error
        return { id, name, existed: true }
      }
    }

    const made: Installed = { contents: [], talkTracks: [], rules: [] }
    const ids = new Map<string, string>()
    for (const part of contentParts(wanted)) {
      const input = contentOf(trade, part, lang, couponId)
      const one = await take(
        'content',
        part,
        input.name,
        async (id) => (await contents.find([id])).length > 0,
        (id) => contents.create(input, by.name, by.id, id),
      )
      ids.set(part, one.id)
      made.contents.push(one)
    }
    for (const [index, input] of talkOf(trade, lang).entries())
      made.talkTracks.push(
        await take(
          'talk',
          String(index),
          input.title,
          async (id) => (await talkTracks.find(id)) !== null,
          (id) => talkTracks.create(input, by.name, id),
        ),
      )
    for (const key of wanted) {
      const input = ruleOf(trade, key, (part) => ids.get(part) ?? '', lang)
      const one = await take('rule', key, input.name, rules.store.has, (id) =>
        rules.store.create(input, by.name, by.id, id),
      )
      made.rules.push({ key, ...one })
    }
    const fresh = (list: readonly Part[]) => list.filter(({ existed }) => !existed).map(({ id }) => id)
    const detail = {
      rules: fresh(made.rules),
      contents: fresh(made.contents),
      talkTracks: fresh(made.talkTracks),
      couponId,
    }
    await audit.record({ actor, act: 'playbook.install', subject: `playbook:${trade.id}`, detail })
    return made
  }
}
