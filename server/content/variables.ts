import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInKeys } from '@zhiyin/shared/built-in-attributes'
import { builtInVariables, variableOf, type Variable } from '@zhiyin/shared/variable'
import type { Vars } from './vars.ts'

/** What templates may name now, and what they may not though it is there. */
export type Catalog = {
  readonly list: readonly Variable[]
  readonly byPath: ReadonlyMap<string, Variable>
  /** Paths of attributes marked as sensitive. */
  readonly sensitive: ReadonlySet<string>
  /** Stands in where there is no customer: previews, and the trial at saving. */
  readonly sample: Vars
}

export const catalogOf = (attributes: readonly Attribute[]): Catalog => {
  const own = attributes.flatMap((attribute) => variableOf(attribute, builtInKeys) ?? [])
  const builtIn = new Set(builtInVariables.map(({ path }) => path))
  const list = [...builtInVariables, ...own.filter(({ path }) => !builtIn.has(path))]
  return {
    list,
    byPath: new Map(list.map((variable) => [variable.path, variable])),
    sensitive: new Set(
      attributes.flatMap(({ key, sensitivity }) => (sensitivity === 'sensitive' ? [`customer.${key}`] : [])),
    ),
    sample: {
      known: Object.fromEntries(
        list.map(({ path, type, sample }) => [path, type === 'number' ? Number(sample) : sample]),
      ),
      attrs: [],
    },
  }
}

/** The variables of the attributes as they are defined now; worked out once for each version of the definitions. */
export const createCatalog = (attributes: () => Promise<readonly Attribute[]>): (() => Promise<Catalog>) => {
  let kept: { readonly of: readonly Attribute[]; readonly catalog: Catalog } | null = null
  return async () => {
    const now = await attributes()
    if (kept?.of !== now) kept = { of: now, catalog: catalogOf(now) }
    return kept.catalog
  }
}
