import { z } from 'zod'
import type { ContentInput } from './content.ts'
import { beauty } from './playbook/beauty.ts'
import { education } from './playbook/education.ts'
import { restaurant } from './playbook/restaurant.ts'
import { makeRule, partsOf, playbookRules, type PlaybookRuleId } from './playbook/rules.ts'
import type { PlaybookContent, Trade } from './playbook/types.ts'
import { RuleInput } from './rule.ts'
import { TalkTrackInput } from './talk-track.ts'
import type { Bilingual, Lang } from './text.ts'
import { tiers } from './tier.ts'

export type { PlaybookRuleId, Trade }
export const trades: readonly Trade[] = [beauty, education, restaurant]
export const PlaybookRule = z.enum(playbookRules)

const Said = z.object({
  text: z.string(),
  tiers: z.array(z.object({ tier: z.enum(tiers), text: z.string() })),
})

/** A rule of a playbook with what it sends; `ruleId`: what it was installed as, null: not yet. */
const Offered = z.object({
  key: PlaybookRule,
  /** Names its contents by their keys, until it is installed. */
  rule: RuleInput,
  contents: z.array(
    Said.extend({
      key: z.string(),
      name: z.string(),
      /** What it says instead where a batch of coupon codes is chosen; null: it offers nothing. */
      offer: Said.nullable(),
    }),
  ),
  ruleId: z.string().nullable(),
})

/** A playbook of a trade in the reader's language. */
export const Playbook = z.object({
  id: z.string(),
  name: z.string(),
  about: z.string(),
  rules: z.array(Offered),
  talkTracks: z.array(TalkTrackInput),
})
export type Playbook = z.infer<typeof Playbook>

const Part = z.object({ id: z.string(), name: z.string(), /** It stood there before. */ existed: z.boolean() })
/** What an installation made, and what of it was there already. */
export const Installed = z.object({
  rules: z.array(Part.extend({ key: PlaybookRule })),
  contents: z.array(Part),
  talkTracks: z.array(Part),
})
export type Installed = z.infer<typeof Installed>

type PartName = keyof Trade['words']
const wordsOf = ({ id, words }: Trade, part: PartName): PlaybookContent => {
  const found = words[part]
  if (found === undefined) throw new Error(`the playbook ${id} has no words for ${part}`)
  return found
}

/** The rules a trade has: all for whose parts it has words. */
export const rulesOf = ({ words }: Trade): PlaybookRuleId[] =>
  playbookRules.filter((rule) => partsOf(rule).every((part) => words[part] !== undefined))

/** The parts the contents of these rules play. */
export const contentParts = (rules: readonly PlaybookRuleId[]): PartName[] => [...new Set(rules.flatMap(partsOf))]

/** Whether any content of these rules offers something, and so may carry coupon codes. */
export const offersOf = (trade: Trade, rules: readonly PlaybookRuleId[]): boolean =>
  contentParts(rules).some((part) => wordsOf(trade, part).offer !== undefined)

/** The content that plays a part of a trade, in one language. `couponId`: the batch its codes come from, where it offers something. */
export const contentOf = (trade: Trade, part: PartName, lang: Lang, couponId: string | null = null): ContentInput => {
  const words = wordsOf(trade, part)
  const offer = couponId === null ? undefined : words.offer
  const { text, tiers: own } = offer ?? words
  const variants = tiers.flatMap((tier) => {
    const said = own[tier]
    return said === undefined ? [] : [{ when: { tiers: [tier] }, body: { text: said[lang], attachments: [] } }]
  })
  return {
    name: words.name[lang],
    folder: trade.name[lang],
    body: { text: text[lang], attachments: [] },
    variants,
    couponId: offer === undefined ? null : couponId,
    expiresAt: null,
  }
}

/** A rule of a trade; `idOf` gives the content that plays a part. */
export const ruleOf = (trade: Trade, rule: PlaybookRuleId, idOf: (part: PartName) => string, lang: Lang): RuleInput =>
  makeRule(rule, trade.name, idOf, lang)

export const talkOf = ({ talk }: Trade, lang: Lang): TalkTrackInput[] =>
  talk.map(({ situation, title, text, tiers: forTiers }) => ({
    situation,
    title: title[lang],
    text: text[lang],
    tiers: [...forTiers],
    stages: [],
  }))

/** A playbook as a page shows it before anything is made. `installed` gives the id of a rule that was made of it. */
export const playbookOf = (trade: Trade, lang: Lang, installed: (rule: PlaybookRuleId) => string | null): Playbook => ({
  id: trade.id,
  name: trade.name[lang],
  about: trade.about[lang],
  rules: rulesOf(trade).map((key) => ({
    key,
    rule: ruleOf(trade, key, (part) => part, lang),
    contents: partsOf(key).map((part) => {
      const { name, text, tiers: own, offer } = wordsOf(trade, part)
      const saidOf = (said: { text: Bilingual; tiers: PlaybookContent['tiers'] }): z.infer<typeof Said> => ({
        text: said.text[lang],
        tiers: tiers.flatMap((tier) => {
          const words = said.tiers[tier]
          return words === undefined ? [] : [{ tier, text: words[lang] }]
        }),
      })
      return { key: part, name: name[lang], ...saidOf({ text, tiers: own }), offer: offer ? saidOf(offer) : null }
    }),
    ruleId: installed(key),
  })),
  talkTracks: talkOf(trade, lang),
})
