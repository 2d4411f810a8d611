import type { AttributeRow } from './api/attributes.ts'
import { attributeName } from './attribute-words.ts'
import type { Computation } from './attribute.ts'
import { layers, type CustomerProfile, type Layer, type LayerValue } from './customer.ts'
import type { Names } from './timeline.ts'
import { label, type Lang } from './text.ts'

/** An attribute of one customer as a screen shows and corrects it; `value` null while it is not known. */
export type Field = {
  readonly key: string
  readonly layer: Layer
  readonly name: string | undefined
  readonly nameEn: string | undefined
  readonly kind: LayerValue['kind']
  readonly choices: readonly string[]
  readonly editable: boolean
  readonly computation: Computation | null
  readonly value: LayerValue | null
}

/** A value with what managers said of its attribute. One that is none of its attribute's values is corrected as the attribute's type. */
export const fieldOf = (layer: Layer, value: LayerValue, row: AttributeRow | undefined): Field => ({
  key: value.key,
  layer,
  name: value.name ?? row?.name,
  nameEn: value.nameEn ?? row?.nameEn,
  kind: row?.type ?? value.kind,
  choices: value.choices ?? row?.choices ?? [],
  editable: value.editable ?? row?.editable ?? false,
  computation: row?.computation ?? null,
  value,
})

/** What a person could tell of a customer and nobody has yet. */
export const missingFields = (rows: readonly AttributeRow[], profile: Pick<CustomerProfile, 'layers'>): Field[] => {
  const known = new Set(profile.layers.flatMap(({ values }) => values.map(({ key }) => key)))
  return layers.flatMap((layer) =>
    rows
      .filter((row) => row.layer === layer && row.editable && row.computation === null && !known.has(row.key))
      .map(({ key, name, nameEn, type: kind, choices }) => ({
        key,
        layer,
        name,
        nameEn,
        kind,
        choices,
        editable: true,
        computation: null,
        value: null,
      })),
  )
}

const yesNo = [
  { value: 'true', text: { zh: '是', en: 'Yes' } },
  { value: 'false', text: { zh: '否', en: 'No' } },
] as const

/** What there is to choose from; empty where it is written freely. */
export const optionsOf = ({ key, kind, choices }: Field, lang: Lang): { value: string; text: string }[] => {
  if (kind === 'boolean') return yesNo.map(({ value, text }) => ({ value, text: text[lang] }))
  return kind === 'choice' ? choices.map((value) => ({ value, text: label(key, value, lang) })) : []
}

/** The names for the ids in a customer's facts: their reps, whoever looks, and the attributes they have. */
export const namesIn = (
  { follows, layers: told }: Pick<CustomerProfile, 'follows' | 'layers'>,
  me: { readonly userid: string; readonly name: string } | undefined,
  lang: Lang,
): Names => ({
  ...Object.fromEntries([...(me === undefined ? [] : [me]), ...follows].map(({ userid, name }) => [userid, name])),
  ...Object.fromEntries(
    told.flatMap(({ values }) => values.map((value) => [`attribute.${value.key}`, attributeName(value, lang)])),
  ),
})
