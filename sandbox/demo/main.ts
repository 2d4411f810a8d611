import { join, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { api } from '@zhiyin/shared/api'
import { t } from '../start/language.ts'
import { openBook, type Pages } from './book.ts'
import { liveHistory } from './history.ts'
import { liveOn } from './life.ts'
import { peopleOf } from './people.ts'
import { connectProduct, Running } from './product.ts'
import { attempt, customerIdOf, type Scene } from './scene.ts'
import { createSettle } from './settle.ts'
import { setUp } from './setup.ts'
import { connectWecom } from './wecom.ts'

const dayMs = 86_400_000
const shanghaiMs = 8 * 3_600_000
const daysAMonth = 30
const openingMinute = 8 * 60 + 30

const tell = (line: Readonly<Record<string, unknown>>): void => console.log(JSON.stringify(line))
const progress = (zh: string, en: string): void => tell({ progress: t(zh, en) })

const options = () => {
  const text = { type: 'string' } as const
  const { values } = parseArgs({ options: { data: text, months: text, customers: text, seed: text } })
  const number = (given: string | undefined, usual: number, least: number): number => {
    const value = given === undefined ? usual : Number(given)
    if (!Number.isInteger(value) || value < least)
      throw new Error(`a whole number of at least ${least}, please: ${given}`)
    return value
  }
  return {
    dataDir: resolve(values.data ?? '.data'),
    months: number(values.months, 4, 2),
    customers: number(values.customers, 60, 20),
    seed: number(values.seed, 20, 0),
  }
}

const freshPages = ({ months, customers, seed }: Pick<Pages, 'months' | 'customers' | 'seed'>): Pages => {
  const midnight = Math.floor((Date.now() + shanghaiMs) / dayMs) * dayMs - shanghaiMs
  const start = midnight - months * daysAMonth * dayMs
  const empty = { day: 0, until: 0, seeded: false, company: null, people: {}, recalls: [], orders: 0, lived: 0 }
  return { seed, months, customers, start, ...empty }
}

/** 李娜 wants to be reminded of the star tomorrow. */
const remind = async (scene: Scene): Promise<void> => {
  const [star] = scene.people
  if (star === undefined) return
  const call = await scene.product.as(star.rep, Date.now())
  const body = {
    key: `remind-${scene.book.pages.start}`,
    customerId: await customerIdOf(scene, star),
    title: '问问林小姐换季泛红好点了没，顺便提一下妈妈的礼盒',
    dueAt: new Date(Date.now() + dayMs).toISOString(),
  }
  await call(api.tasks.create, { body })
}

const main = async (): Promise<void> => {
  const { dataDir, ...wanted } = options()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
  const running = Running.parse(JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8')))
  const book = openBook(dataDir, () => freshPages(wanted))
  const { pages } = book
  const wecom = connectWecom(running.wecom)
  const product = connectProduct(running)
  const settle = createSettle(wecom, product)
  const days = pages.months * daysAMonth

  if (!pages.seeded) await wecom.goBackTo(pages.start + Math.max(openingMinute, pages.until) * 60_000)
  if (pages.company === null) {
    progress('演示公司：开业准备（员工、渠道、内容、规则）', 'Demo company: opening (staff, channels, contents, rules)')
    pages.company = await setUp({ wecom, product, settle })
    book.save()
  }
  const people = peopleOf(pages.seed, pages.customers, days)
  const scene: Scene = { wecom, product, settle, book, company: pages.company, people, days, attempt }
  if (!pages.seeded) {
    await liveHistory(scene, ({ day, customers, orders }) =>
      progress(
        `演示公司：第 ${day} / ${days} 天，${customers} 位客户，${orders} 单`,
        `Demo company: day ${day} of ${days}, ${customers} customers, ${orders} orders`,
      ),
    )
    await attempt('reminder', () => remind(scene))
    pages.seeded = true
    book.save()
  }
  tell({ seeded: true })
  await liveOn(scene)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
