import { createHash } from 'node:crypto'
import { label, type Bilingual, type Lang } from '@zhiyin/shared/text'
import { csvLine } from '../platform/csv.ts'
import type { Mongo } from '../platform/mongo.ts'
import { exposureCollection, type ExposureDoc } from './exposures.model.ts'

const perPage = 1000

const headers = {
  id: { zh: '进入编号', en: 'Entry' },
  version: { zh: '规则版本', en: 'Rule version' },
  step: { zh: '分流步骤', en: 'Split step' },
  arm: { zh: '分组', en: 'Arm' },
  customer: { zh: '客户', en: 'Customer' },
  at: { zh: '进入时间', en: 'Entered at' },
  until: { zh: '观察到', en: 'Window until' },
  goalAt: { zh: '达成目标', en: 'Goal reached at' },
  orders: { zh: '窗口内订单', en: 'Orders in the window' },
  spent: { zh: '窗口内消费（元，已减退款）', en: 'Spent in the window (CNY, net)' },
} as const satisfies Record<string, Bilingual>

/** The same for the same customer in one rule's file, and nothing to find them by. */
const maskedId = (ruleId: string, customerId: string): string =>
  createHash('sha256').update(`${ruleId}:${customerId}`).digest('hex').slice(0, 16)

const lineOf = (row: ExposureDoc, ruleId: string, clear: boolean, lang: Lang): string =>
  csvLine(
    [
      // The id of a run leads to the customer; what is masked is told by a mark of its own.
      clear ? row._id : maskedId(ruleId, row._id),
      String(row.version),
      row.stepId ?? '',
      label('arm', row.arm, lang),
      clear ? row.customerId : maskedId(ruleId, row.customerId),
      row.at.toISOString(),
      row.until.toISOString(),
      row.goalAt?.toISOString() ?? '',
      String(row.orders),
      (row.spent / 100).toFixed(2),
    ],
    ',',
  )

/** The exposure log of a rule as a CSV text for a spreadsheet, a piece at a time; ids of customers masked unless `clear`. */
export const createLog = ({ mongo }: { mongo: Mongo }) => {
  const exposures = exposureCollection(mongo.connection)
  return async function* (ruleId: string, clear: boolean, lang: Lang): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder()
    yield encoder.encode(
      `\ufeff${csvLine(
        Object.values(headers).map((text) => text[lang]),
        ',',
      )}`,
    )
    let after = ''
    for (;;) {
      const page = await exposures
        .find({ ruleId, _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(perPage)
        .toArray()
      yield encoder.encode(page.map((row) => lineOf(row, ruleId, clear, lang)).join(''))
      const last = page.at(-1)
      if (last === undefined || page.length < perPage) return
      after = last._id
    }
  }
}
