import type { CompareStrings } from '../bson/compare.ts'
import { isDoc, toNumber, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'

const FIELDS = new Set([
  'locale', 'strength', 'caseLevel', 'caseFirst', 'numericOrdering', 'alternate', 'maxVariable', 'normalization', 'backwards', 'version',
]) // prettier-ignore

function sensitivityOf(spec: Doc): Intl.CollatorOptions['sensitivity'] {
  const strength = toNumber(spec.strength) ?? 3
  if (strength === 1) return spec.caseLevel === true ? 'case' : 'base'
  if (strength === 2) return spec.caseLevel === true ? 'variant' : 'accent'
  if (strength === 3) return 'variant'
  return fail(238, 'collations of a strength other than 1, 2 and 3 are not supported by this server')
}

/**
 * The order of strings a command's collation asks for, by the language rules JavaScript has; undefined for MongoDB's simple order. Throws
 * BadValue for a locale that does not exist.
 */
export function parseCollation(spec: unknown): CompareStrings | undefined {
  if (spec === undefined || spec === null) return undefined
  if (!isDoc(spec)) return fail(14, `BSON field 'collation' is the wrong type, expected type 'object'`)
  if (Object.keys(spec).length === 0 || spec.locale === 'simple') return undefined
  const unknown = Object.keys(spec).find((field) => !FIELDS.has(field))
  if (unknown !== undefined) fail(40415, `BSON field 'collation.${unknown}' is an unknown field.`)
  const { locale, caseFirst } = spec
  if (typeof locale !== 'string') return fail(40414, `BSON field 'collation.locale' is missing but a required field`)
  if (spec.backwards === true) fail(238, 'collations with backwards are not supported by this server')
  try {
    const collator = new Intl.Collator(locale.replaceAll('_', '-'), {
      sensitivity: sensitivityOf(spec),
      numeric: spec.numericOrdering === true,
      ignorePunctuation: spec.alternate === 'shifted',
      ...(caseFirst === 'upper' || caseFirst === 'lower' ? { caseFirst } : {}),
    })
    return (a, b) => collator.compare(a, b)
  } catch (cause) {
    if (cause instanceof RangeError) return fail(2, `Field 'locale' is invalid in: ${locale}`)
    throw cause
  }
}
