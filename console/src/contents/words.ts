import { whenOf, type ContentVersion, type VariantWhen } from '@zhiyin/shared/content'
import { label, type Lang } from '@zhiyin/shared/text'

/** Whom a variant is for, in words; segments by the names given. */
export const whenName = (when: VariantWhen, segments: ReadonlyMap<string, string>, lang: Lang): string => {
  const { tiers = [], stages = [], segmentIds = [] } = when
  const parts = [
    tiers.join(' / '),
    stages.map((stage) => label('stage', stage, lang)).join(' / '),
    [...new Set(segmentIds.map((id) => segments.get(id) ?? label('variant', 'segment', lang)))].join(' / '),
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** A variant by its name in results, in words. */
export const variantText = (variant: string, segments: ReadonlyMap<string, string>, lang: Lang): string => {
  const when = whenOf(variant)
  return when === null ? label('variant', 'default', lang) : whenName(when, segments, lang)
}

type Words = Pick<ContentVersion, 'name' | 'body' | 'variants'>

/** A version as one text, to be compared with another. */
export const textOf = ({ name, body, variants }: Words, segments: ReadonlyMap<string, string>, lang: Lang): string =>
  [
    { title: name, body },
    ...variants.map(({ when, body: own }) => ({ title: whenName(when, segments, lang), body: own })),
  ]
    .map(({ title, body: { text, attachments } }) =>
      [
        `【${title}】`,
        text,
        ...attachments.map((each) => {
          if (each.type === 'link') return `+ ${[each.title, each.desc, each.url].filter(Boolean).join(' | ')}`
          if (each.type === 'miniprogram') return `+ ${each.title} | ${each.page}`
          return `+ ${'name' in each ? each.name : each.picUrl}`
        }),
      ].join('\n'),
    )
    .join('\n\n')
