import { Liquid, LiquidError, type Template as Parsed } from 'liquidjs'
import { AppError } from '../platform/errors.ts'
import { sampleVars, type Vars } from './vars.ts'

export type Template = { render(vars: Vars): string }

/** No file system, no unknown filters or variables, bounded work: whoever writes content can do no harm with it. */
const engine = new Liquid({
  templates: {},
  strictFilters: true,
  strictVariables: true,
  lenientIf: true,
  ownPropertyOnly: true,
  parseLimit: 20_000,
  renderLimit: 100,
  memoryLimit: 1_000_000,
})
for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag]

/** `customer` must be followed by one of its own fields; the others stand alone. */
const known = new Set(
  Object.entries(sampleVars).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null ? Object.keys(value).map((field) => `${name}.${field}`) : [name],
  ),
)

const wrong = (line: number, problem: string): AppError =>
  new AppError('content.template', { status: 422, params: { line, problem } })

const lineOf = (error: unknown): number => {
  const [, line] = /line:(\d+)/.exec(error instanceof Error ? error.message : '') ?? []
  return Number(line ?? 1)
}

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/, line:\d+, col:\d+$/, '')

/** Refuses a variable nobody fills, even in a branch the trial does not take. */
const checkNames = (parsed: Parsed[]): void => {
  for (const used of Object.values(engine.analyzeSync(parsed, { partials: false }).globals).flat()) {
    const path = used.segments.map(String).join('.')
    if (!known.has(path)) throw wrong(used.location.row, `{{ ${path} }}`)
  }
}

/**
 * Parses a template once; `render` then costs no parsing. Throws content.template with the line for wrong syntax, an unknown
 * filter or an unknown variable.
 */
export const compile = (text: string): Template => {
  try {
    const parsed = engine.parse(text)
    checkNames(parsed)
    const render = (vars: Vars): string => String(engine.renderSync(parsed, vars))
    render(sampleVars)
    return { render }
  } catch (error) {
    if (LiquidError.is(error)) throw wrong(lineOf(error), problemOf(error))
    throw error
  }
}
