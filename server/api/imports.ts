import { imports as endpoints } from '@zhiyin/shared/api/imports'
import type { z } from 'zod'
import type { RowProblem } from '@zhiyin/shared/import'
import { runImport } from '../commands/run-import.ts'
import { ownerOf, shownTo } from '../imports/imports.ts'
import { viewOf } from '../imports/progress.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof runImport>[0]

/** CSV files of customers and orders; a manager sees their own, an admin all. */
export const importsApi = (deps: Deps): Bound[] => {
  const { imports } = deps
  const run = runImport(deps)
  /** What is kept is not to be changed; what is told is a copy. */
  const problemsOf = (problems: readonly RowProblem[]): z.output<typeof RowProblem>[] =>
    problems.map(({ column, problem: { code, params } }) => ({ column, problem: { code, params: { ...params } } }))
  return [
    bind(endpoints.list, async ({ actor, query }) => {
      const { items, next } = await imports.list(ownerOf(actor), query)
      return { items: items.map(viewOf), next }
    }),
    bind(endpoints.create, async ({ actor, body }) => viewOf(await run.create(actor, body))),
    bind(endpoints.upload, async ({ actor, params, query, pieces }) =>
      viewOf(await imports.upload(ownerOf(actor), params.id, query, pieces())),
    ),
    bind(endpoints.get, async ({ actor, params }) => {
      const doc = await imports.get(ownerOf(actor), params.id)
      const { form, mapping, proposedBy } = doc
      return {
        import: viewOf(doc),
        encoding: form?.encoding ?? null,
        delimiter: form?.delimiter ?? null,
        columns: [...(form?.columns ?? [])],
        sample: (await imports.sample(doc)).map((cells) => cells.map(shownTo(ownerOf(actor), doc))),
        mapping,
        proposedBy,
        attributes: [...(await imports.attributes())],
      }
    }),
    bind(endpoints.preview, async ({ actor, params, body }) => {
      const shown = shownTo(ownerOf(actor), await imports.get(ownerOf(actor), params.id))
      const rows = await imports.preview(ownerOf(actor), params.id, body.mapping)
      return {
        rows: rows.map(({ row, cells, problems }) => ({
          row,
          cells: cells.map((cell) => (cell === null ? null : shown(cell))),
          problems: problemsOf(problems),
        })),
      }
    }),
    bind(endpoints.start, async ({ actor, params, body }) => viewOf(await run.start(actor, params.id, body.mapping))),
    bind(endpoints.pause, async ({ actor, params }) => viewOf(await run.pause(actor, params.id))),
    bind(endpoints.resume, async ({ actor, params }) => viewOf(await run.resume(actor, params.id))),
    bind(endpoints.cancel, async ({ actor, params }) => viewOf(await run.cancel(actor, params.id))),
    bind(endpoints.rejected, async ({ actor, params, query }) => {
      const doc = await imports.get(ownerOf(actor), params.id)
      const { items, next } = await imports.rejects.list(doc._id, query)
      const shown = shownTo(ownerOf(actor), doc)
      return {
        items: items.map(({ row, cells, problems }) => ({
          row,
          cells: cells.map(shown),
          problems: problemsOf(problems),
        })),
        next,
      }
    }),
    bind(endpoints.download, async ({ actor, params, query, lang }) => ({
      mime: 'text/csv',
      ...(await run.download(actor, params.id, query.lang ?? lang)),
    })),
  ]
}
