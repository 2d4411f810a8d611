import { z } from 'zod'
import type { ContentInput } from './content.ts'
import { beauty } from './playbook/beauty.ts'
import { education } from './playbook/education.ts'
import { restaurant } from './playbook/restaurant.ts'
import { makeRule, partsOf, playbookRules, type PlaybookRuleId } from './playbook/rules.ts'
import type { PlaybookContent, Trade } from './playbook/types.ts'
import { RuleInput } from './rule.ts'
import { TalkTrackInput } from './talk-track.ts'
import type { Lang } from './text.ts'
import { tiers } from './tier.ts'

export type { PlaybookRuleId, Trade }
export const trades: readonly Trade[] = [beauty, education, restaurant]
export const PlaybookRule = z.enum(playbookRules)

/** A rule of a playbook with what it sends; `ruleId`: what it was installed as, null: not yet. */
const Offered = z.object({
  key: PlaybookRule,
  /** Names its contents by their keys, until it is installed. */
  rule: RuleInput,
  contents: z.array(
    z.object({
      key: z.string(),
      name: z.string(),
      text: z.string(),
      tiers: z.array(z.object({ tier: z.enum(tiers), text: z.string() })),
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

/** The content that plays a part of a trade, in one language. */
export const contentOf = (trade: Trade, part: PartName, lang: Lang): ContentInput => {
  const { name, text, tiers: own } = wordsOf(trade, part)
  const variants = tiers.flatMap((tier) => {
    const words = own[tier]
    return words === undefined ? [] : [{ when: { tiers: [tier] }, body: { text: words[lang], attachments: [] } }]
  })
  return {
    name: name[lang],
    folder: trade.name[lang],
    body: { text: text[lang], attachments: [] },
    variants,
    couponId: null,
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
      const { name, body, variants } = contentOf(trade, part, lang)
      const own = variants.flatMap(({ when, body: { text } }) => (when.tiers ?? []).map((tier) => ({ tier, text })))
      return { key: part, name, text: body.text, tiers: own }
    }),
    ruleId: installed(key),
  })),
  talkTracks: talkOf(trade, lang),
})
