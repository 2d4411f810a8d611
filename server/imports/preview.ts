import type { ImportKind, Mapping, RowProblem, Target } from '@zhiyin/shared/import'
import { currency, money, moneyText } from '../cleaning/money.ts'
import { time } from '../cleaning/time.ts'
import type { Cleaned } from '../cleaning/types.ts'
import type { Clock } from '../platform/clock.ts'
import { identityOf, textOf, traitsOf, type Context } from './cells.ts'
import { sampleOf } from './detect.ts'
import type { ImportFile } from './file.ts'
import type { FileForm } from './imports.model.ts'
import { lineOf } from './order-line.ts'
import { personOf } from './person.ts'
import { tagIndexOf } from './tag-index.ts'
import type { Row } from './types.ts'
import { zonedTime } from '@zhiyin/shared/zone'

const shownRows = 50
const sampleRows = 5

type Deps = {
  file: ImportFile
  clock: Clock
  zone: string
  tags: () => Promise<readonly { id: string; name: string; group: string }[]>
}

/** The first rows of a file, as they stand and as they would be taken. */
export const createPreview = ({ file, clock, zone, tags }: Deps) => {
  const moment = (at: Date): string => {
    const { date, clock: hours } = zonedTime(at, zone)
    return `${date} ${hours}`
  }

  /** A cell as it would be kept; as it stands where cleaning changes nothing a person would see. */
  const shown = (text: string, target: Target, context: Context): string => {
    const said = <T>(cleaned: Cleaned<T>, say: (value: T) => string): string =>
      'value' in cleaned ? say(cleaned.value) : text
    if (target.to === 'identity') return said(identityOf(text, target.kind), ({ value }) => value)
    if (target.to === 'trait' && target.form === 'money') return said(money(text, context.currency), moneyText)
    if (target.to === 'trait' && target.form === 'region')
      return said(traitsOf(text, target, context), ({ province, city, district, region }) =>
        [...new Set([province, city, district, region])].filter((part) => part !== undefined).join(' '),
      )
    if (target.to === 'trait')
      return said(traitsOf(text, target, context), (traits) => Object.values(traits).flat().join('、'))
    if (target.to === 'as_of') return said(time(text, zone), moment)
    if (target.to !== 'order') return text
    if (target.field === 'time' || target.field === 'refund_time') return said(time(text, zone), moment)
    if (target.field === 'currency') return said(currency(text), (unit) => unit)
    return target.field === 'amount' || target.field === 'line_amount' || target.field === 'price'
      ? said(money(text, context.currency), moneyText)
      : text
  }

  const problemsOf = (kind: ImportKind, row: Row, mapping: Mapping, context: Context): readonly RowProblem[] => {
    const read = kind === 'customers' ? personOf(row, mapping, context) : lineOf(row, mapping, context)
    return 'problems' in read ? read.problems : []
  }

  return {
    sample: async (key: string, { delimiter }: FileForm): Promise<string[][]> =>
      (await sampleOf(file, key, delimiter, sampleRows)).map(({ cells }) => [...cells]),

    async preview(key: string, { delimiter, columns }: FileForm, kind: ImportKind, mapping: Mapping) {
      const context = { zone, now: clock.date(), currency: mapping.currency, tags: tagIndexOf(await tags()) }
      const rows = await sampleOf(file, key, delimiter, shownRows)
      return rows.map((row) => ({
        row: row.row,
        cells: columns.map((_name, column) => {
          const target = mapping.columns[column]
          const text = textOf(row.cells, column)
          if (target === undefined || target.to === 'skip') return null
          return text === '' ? '' : shown(text, target, context)
        }),
        problems: problemsOf(kind, row, mapping, context),
      }))
    },
  }
}
