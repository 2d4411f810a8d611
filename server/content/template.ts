import { Liquid, LiquidError, Output, toValueSync, type Template as Node } from 'liquidjs'
import { AppError } from '../platform/errors.ts'
import { scopeOf, Unknown } from './scope.ts'
import type { Catalog } from './variables.ts'
import type { Vars } from './vars.ts'

export type Template = {
  /** The variables it names. */
  readonly paths: readonly string[]
  render(scope: object): string
}

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
/** The writer's own fallback comes before the one that stands there by itself. */
engine.registerFilter('default', (value: unknown, fallback: unknown) =>
  value instanceof Unknown || value === null || value === undefined || value === '' || value === false
    ? fallback
    : value,
)

const wrong = (line: number, problem: string): AppError =>
  new AppError('content.template', { status: 422, params: { line, problem } })

const lineOf = (error: unknown): number => {
  const [, line] = /line:(\d+)/.exec(error instanceof Error ? error.message : '') ?? []
  return Number(line ?? 1)
}

const problemOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/, line:\d+, col:\d+$/, '')

const told = <T>(work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (LiquidError.is(error)) throw wrong(lineOf(error), problemOf(error))
    throw error
  }
}

type Named = { readonly path: string; readonly line: number }
const namesIn = (nodes: Node[]): Named[] =>
  Object.values(engine.analyzeSync(nodes, { partials: false }).globals)
    .flat()
    .map(({ segments, location }) => ({ path: segments.map(String).join('.'), line: location.row }))

const outputsIn = (nodes: readonly Node[]): Output[] =>
  nodes.flatMap((node) => [
    ...(node instanceof Output ? [node] : []),
    ...(node.children === undefined ? [] : outputsIn(toValueSync(node.children(false, true)))),
  ])

/** Refuses what nobody fills or nobody may name, even in a branch the trial does not take. */
const checkNames = (nodes: Node[], { byPath, sensitive }: Catalog): void => {
  for (const { path, line } of namesIn(nodes)) {
    if (sensitive.has(path)) throw new AppError('content.sensitive', { status: 422, params: { line, path } })
    if (!byPath.has(path)) throw new AppError('content.variable', { status: 422, params: { line, path } })
  }
}

/** Refuses a variable that would leave a hole where nothing is known: it needs a fallback of the writer's. */
const checkHoles = (nodes: Node[], { byPath }: Catalog): void => {
  for (const output of outputsIn(nodes)) {
    const names = namesIn([output])
    const bare = names.find(({ path }) => byPath.get(path)?.fallback === null)
    if (bare === undefined) continue
    const scope: Record<string, Record<string, null>> = {}
    for (const { path } of names) {
      const [head = '', tail = ''] = path.split(/\.(.*)/s)
      ;(scope[head] ??= {})[tail] = null
    }
    const filled = output.value.filters.some(({ name }) => name === 'default')
    if (filled && String(engine.renderSync([output], scope)) !== '') continue
    const { path, line } = bare
    throw new AppError('content.fallback', { status: 422, params: { line, path } })
  }
}

const parsed = (text: string): { nodes: Node[]; template: Template } => {
  const nodes = told(() => engine.parse(text))
  const paths = [...new Set(namesIn(nodes).map(({ path }) => path))]
  return { nodes, template: { paths, render: (scope) => String(engine.renderSync(nodes, scope)) } }
}

/** Parses a template once; `render` then costs no parsing. For what was checked when it was written. */
export const parse = (text: string): Template => parsed(text).template

/**
 * Parses a template and checks it: throws content.template with the line for wrong syntax or an unknown filter, content.variable,
 * content.sensitive, content.fallback.
 */
export const compile = (text: string, catalog: Catalog): Template => {
  const { nodes, template } = parsed(text)
  checkNames(nodes, catalog)
  checkHoles(nodes, catalog)
  told(() => template.render(scopeOf(template.paths, catalog.sample, catalog, 'Asia/Shanghai').scope))
  return template
}

/** Renders for somebody; `vars` what is known of them. */
export const fill = (template: Template, vars: Vars, catalog: Catalog, zone: string): string =>
  template.render(scopeOf(template.paths, vars, catalog, zone).scope)
