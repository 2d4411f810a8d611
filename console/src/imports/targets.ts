import {
  importIdentities,
  knownTraits,
  orderFields,
  targetKey,
  type ImportKind,
  type Target,
} from '@zhiyin/shared/import'
import type { ImportDetail } from '@zhiyin/shared/api/imports'

type Attribute = ImportDetail['attributes'][number]
export type Choice = { readonly key: string; readonly target: Target; readonly attribute: Attribute | null }
export type ChoiceGroup = {
  readonly group: 'identity' | 'trait' | 'custom' | 'other' | 'order'
  readonly choices: readonly Choice[]
}

const choice = (target: Target, attribute: Attribute | null = null): Choice => ({
  key: targetKey(target),
  target,
  attribute,
})

const formOf = (key: keyof typeof knownTraits): Target => ({ to: 'trait', key, form: knownTraits[key] })
const traits = ['name', 'gender', 'birthday', 'region', 'company'] as const

/** What a column may be, in groups; what managers have defined stands apart. */
export const choicesFor = (kind: ImportKind, attributes: readonly Attribute[]): readonly ChoiceGroup[] => {
  const identities: ChoiceGroup = {
    group: 'identity',
    choices: [...importIdentities].reverse().map((each) => choice({ to: 'identity', kind: each })),
  }
  if (kind === 'orders')
    return [identities, { group: 'order', choices: orderFields.map((field) => choice({ to: 'order', field })) }]
  const custom = attributes
    .filter(({ key }) => !Object.hasOwn(knownTraits, key))
    .map((attribute) => choice({ to: 'trait', key: attribute.key, form: attribute.form }, attribute))
  const groups: ChoiceGroup[] = [
    identities,
    { group: 'trait', choices: traits.map((key) => choice(formOf(key))) },
    { group: 'custom', choices: custom },
    { group: 'other', choices: [choice({ to: 'tags' }), choice({ to: 'consent' }), choice({ to: 'as_of' })] },
  ]
  return groups.filter(({ choices }) => choices.length > 0)
}

/** Where the words of a target stand; `identity:phone` is imports.to.identity.phone. */
export const wordOf = (key: string): string => `imports.to.${key.replace(':', '.')}`
