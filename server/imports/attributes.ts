import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInKeys } from '@zhiyin/shared/built-in-attributes'
import type { TraitForm } from '@zhiyin/shared/import'

/** An attribute a column may be mapped to. */
export type CustomAttribute = {
  readonly key: string
  readonly name: string
  readonly nameEn: string
  readonly form: TraitForm
}

const forms: Readonly<Record<Attribute['type'], TraitForm>> = {
  text: 'text',
  number: 'number',
  money: 'money',
  date: 'date',
  boolean: 'boolean',
  choice: 'text',
  list: 'list',
}

/** What managers have defined, but for what is worked out from events. */
export const customAttributes = (attributes: readonly Attribute[]): CustomAttribute[] =>
  attributes
    .filter(({ key, computation }) => computation === null && !builtInKeys.has(key))
    .map(({ key, name, nameEn, type }) => ({ key, name, nameEn: nameEn ?? name, form: forms[type] }))
