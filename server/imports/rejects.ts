import { sayProblem } from '@zhiyin/shared/cleaning'
import type { Lang } from '@zhiyin/shared/text'
import { csvLine } from '../platform/csv.ts'
import type { Mongo } from '../platform/mongo.ts'
import { unsealed, type Sealing } from '../platform/vault.ts'
import { reasonHeaders } from './guess.ts'
import { importCollections, numbered, within, type ImportDoc, type RejectDoc } from './imports.model.ts'

/** Why a row was not taken, as one text: each problem with the column it is about. */
export const reasonOf = ({ problems }: Pick<RejectDoc, 'problems'>, columns: readonly string[], lang: Lang): string =>
  problems
    .map(({ column, problem }) => {
      const named = column === null ? '' : (columns[column] ?? '')
      return `${named === '' ? '' : `${named}${lang === 'zh' ? '：' : ': '}`}${sayProblem(problem, lang)}`
    })
    .join(lang === 'zh' ? '；' : '; ')

/** Rows that were not taken, by their number. */
export const createRejects = ({ mongo, vault = unsealed }: { mongo: Mongo; vault?: Sealing }) => {
  const { rejects } = importCollections(mongo.connection)
  return {
    async list(id: string, { limit, after }: { limit: number; after?: string | undefined }) {
      const from =
        after === undefined || !/^\d+$/.test(after) ? within(id) : { ...within(id), $gt: numbered(id, Number(after)) }
      const docs = await rejects
        .find({ _id: from })
        .sort({ _id: 1 })
        .limit(limit + 1)
        .toArray()
      const items = docs.slice(0, limit).map((doc) => vault.open(doc))
      return { items, next: docs.length > limit ? String(items.at(-1)?.row ?? 0) : null }
    },

    /** A CSV file of them: a column of reasons and those they had, in UTF-8 with the mark spreadsheets need. */
    async *csv(
      { _id, form }: Pick<ImportDoc, '_id' | 'form'>,
      lang: Lang,
      shown: (cell: string) => string,
    ): AsyncGenerator<Uint8Array> {
      const columns = form?.columns ?? []
      const delimiter = form?.delimiter ?? ','
      const own = columns.flatMap((name, column) =>
        name === reasonHeaders.zh || name === reasonHeaders.en ? [] : [column],
      )
      const line = (cells: readonly string[], reason: string): string =>
        csvLine(
          [reason, ...[...own.map((column) => cells[column] ?? ''), ...cells.slice(columns.length)].map(shown)],
          delimiter,
        )
      yield Buffer.from(`\ufeff${line(columns, reasonHeaders[lang])}`)
      for await (const sealed of rejects.find({ _id: within(_id) }).sort({ _id: 1 })) {
        const reject = vault.open(sealed)
        yield Buffer.from(line(reject.cells, reasonOf(reject, columns, lang)))
      }
    },
  }
}
