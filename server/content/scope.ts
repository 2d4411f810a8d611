import { Drop } from 'liquidjs'
import type { AttributeValue } from '@zhiyin/shared/attribute'
import { moneyOf } from '@zhiyin/shared/text'
import type { Variable, VariableType } from '@zhiyin/shared/variable'
import type { Catalog } from './variables.ts'
import type { Vars } from './vars.ts'

/** Nothing is known; prints what stands there by itself unless the writer set a fallback of their own. */
export class Unknown extends Drop {
  readonly #fallback: string
  constructor(fallback: string) {
    super()
    this.#fallback = fallback
  }
  override valueOf(): string {
    return this.#fallback
  }
}

const dateOf = (at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('zh-CN', { month: 'long', day: 'numeric', timeZone }).format(at)

/** An attribute's value as a message says it; null where it is none of the type. */
const said = (value: AttributeValue, type: VariableType, zone: string): string | number | null => {
  if (type === 'money') return typeof value === 'number' ? moneyOf(value) : null
  if (type === 'date') return value instanceof Date ? dateOf(value, zone) : null
  if (type === 'number') return typeof value === 'number' ? Math.round(value * 10) / 10 : null
  if (typeof value === 'string') return value === '' ? null : value
  return null
}

const prefix = 'customer.'

/** What is known for a path. An attribute with several values has them one after the other. */
const valueOf = (variable: Variable, { known, attrs }: Vars, zone: string): string | number | null => {
  const own = known[variable.path]
  if (own !== undefined) return own
  if (!variable.path.startsWith(prefix)) return null
  const key = variable.path.slice(prefix.length)
  const values = attrs.flatMap(({ k, v }) => (k === key ? (Array.isArray(v) ? v : [v]) : []))
  const words = values.flatMap((value: AttributeValue) => said(value, variable.type, zone) ?? [])
  return words.length > 1 ? words.join('、') : (words[0] ?? null)
}

type Scope = Record<string, unknown>

/** What a template that names these paths is rendered with; `unknown` are those of which nothing is known. */
export const scopeOf = (
  paths: readonly string[],
  vars: Vars,
  { byPath }: Catalog,
  zone: string,
): { scope: Scope; unknown: Variable[] } => {
  const scope: Scope = {}
  const parts: Record<string, Scope> = {}
  const unknown: Variable[] = []
  for (const path of paths) {
    const variable = byPath.get(path)
    const value = variable === undefined ? null : valueOf(variable, vars, zone)
    if (variable !== undefined && value === null) unknown.push(variable)
    const shown = value ?? (variable?.fallback ? new Unknown(variable.fallback) : null)
    const dot = path.indexOf('.')
    if (dot === -1) scope[path] = shown
    else {
      const name = path.slice(0, dot)
      const part = (parts[name] ??= {})
      part[path.slice(dot + 1)] = shown
      scope[name] = part
    }
  }
  return { scope, unknown }
}
