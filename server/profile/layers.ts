import type { AttributeValue } from '@zhiyin/shared/attribute'
import { isEditable, isExpected } from '@zhiyin/shared/built-in-attributes'
import { layers, type Layer, type LayerValue } from '@zhiyin/shared/customer'
import { hiddenValue } from '../platform/personal.ts'
import type { Attributes } from './attributes.ts'
import type { Said, Value } from './said.ts'
import type { CustomerState } from './state/state.ts'
import type { Definitions } from './types.ts'

type Shown = LayerValue['value']

/** So many names of a list are shown. */
const mostShown = 8

/** Ids in values as people know them. */
type Words = { readonly reps: ReadonlyMap<string, string>; readonly channels: ReadonlyMap<string, string> }

const wordsOf = (key: string, { reps, channels }: Words, names: readonly string[]): string[] => {
  const known = key === 'reps' ? reps : key === 'channels' ? channels : null
  return names.slice(0, mostShown).map((name) => known?.get(name) ?? name)
}

const kindOf = (value: AttributeValue): LayerValue['kind'] => {
  if (typeof value === 'object') return value instanceof Date ? 'date' : 'list'
  if (typeof value === 'string') return 'text'
  return typeof value === 'number' ? 'number' : 'boolean'
}

const shown = (key: string, value: AttributeValue, words: Words): Shown =>
  value instanceof Date ? value.toISOString() : typeof value === 'object' ? wordsOf(key, words, value) : value

const otherOf = (key: string, words: Words, { value, source, at, problem }: Value): LayerValue['others'] =>
  at === null
    ? []
    : [
        {
          value: shown(key, value, words),
          source,
          seenAt: at.toISOString(),
          ...(problem === null ? {} : { problem }),
        },
      ]

/** What is marked as sensitive says that it is known, from whom and when; not what it is. */
const hidden = (said: Said): Said => {
  const hide = (one: Value): Value => ({ ...one, value: hiddenValue, problem: null })
  return said.attribute?.sensitivity === 'sensitive'
    ? { ...said, best: hide(said.best), others: said.others.map(hide) }
    : said
}

const valueOf = (said: Said, words: Words): LayerValue[] => {
  const { key, attribute, best, others } = hidden(said)
  const { value, problem, source, at, confidence, stated, by, reach } = best
  if (at === null) return []
  return [
    {
      key,
      value: shown(key, value, words),
      kind: problem !== null || attribute === null ? kindOf(value) : attribute.type,
      source,
      seenAt: at.toISOString(),
      confidence,
      stated,
      others: others.flatMap((other) => otherOf(key, words, other)),
      ...(attribute === null ? {} : { name: attribute.name, editable: isEditable(attribute) }),
      ...(attribute?.nameEn === undefined ? {} : { nameEn: attribute.nameEn }),
      ...(attribute === null || attribute.choices.length === 0 ? {} : { choices: attribute.choices }),
      ...(problem === null ? {} : { problem }),
      ...(reach === null || reach.newest === null ? {} : { newest: reach.newest }),
      ...(reach === null || reach.foreign === 0 ? {} : { foreign: reach.foreign }),
      ...(source === 'rep' && stated && by !== null ? { by: words.reps.get(by) ?? by } : {}),
    },
  ]
}

const channelNames = (state: CustomerState): Map<string, string> =>
  new Map(
    state.follows.flatMap(({ added }) =>
      added === null || added.channelId === null || added.channelName === null
        ? []
        : [[added.channelId, added.channelName] as const],
    ),
  )

/**
 * The five layers (五层画像), each value with where it comes from, when it was seen and how sure it is; and how complete they are. What
 * nobody has defined is shown among the basic ones.
 */
export const layersOf = (
  state: CustomerState,
  attributes: Attributes,
  now: Date,
  repNames: ReadonlyMap<string, string>,
  definitions: Definitions,
): { layers: { layer: Layer; values: LayerValue[] }[]; completeness: number } => {
  const words = { reps: repNames, channels: channelNames(state) }
  const all = attributes.saidAt(now)
  const values = all.map((said) => ({ layer: said.attribute?.layer ?? 'basic', values: valueOf(said, words) }))
  const known = new Set(values.flatMap((one) => one.values.map(({ key }) => key)))
  const expected = definitions.attributes.filter(isExpected)
  const filled = expected.filter(({ key }) => known.has(key)).length
  return {
    layers: layers.map((layer) => ({
      layer,
      values: values.flatMap((one) => (one.layer === layer ? one.values : [])),
    })),
    completeness: expected.length === 0 ? 0 : Math.round((filled / expected.length) * 100) / 100,
  }
}
