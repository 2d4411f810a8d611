import { builtInAttributes, builtInKeys, isAskable } from '@zhiyin/shared/built-in-attributes'
import type { Vocabulary } from '@zhiyin/shared/segment'
import type { Definitions } from '../profile/types.ts'
import type { SegmentDoc } from './segments.model.ts'

/** What conditions may ask for, by name. What a manager defined stands before a built-in one of the same key. */
export const vocabularyOf = ({ attributes, schemes }: Definitions, segments: readonly SegmentDoc[]): Vocabulary => {
  const own = new Set(attributes.map(({ key }) => key))
  const known = builtInAttributes.filter(({ key }) => !own.has(key))
  return {
    attributes: [...known, ...attributes].filter(isAskable).map(({ key, name, nameEn, layer, type, choices }) => ({
      key,
      name,
      nameEn: nameEn || name,
      builtIn: builtInKeys.has(key),
      layer,
      type,
      choices,
    })),
    schemes: schemes.map(({ id, name, levels }) => ({
      id,
      name,
      levels: levels.map((level) => ({ key: level.key, name: level.name })),
    })),
    segments: segments.flatMap(({ _id, name, kind, on }) => (on ? [{ id: _id, name, kind }] : [])),
  }
}
