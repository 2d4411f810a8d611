import { join, resolve } from 'node:path'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { api } from '@zhiyin/shared/api'
import { t } from '../start/language.ts'
import { freshPages, openBook, type Pages } from './book.ts'
import { openCast } from './cast.ts'
import { makeGroupPlan } from './group-plan.ts'
import { liveThrough } from './history.ts'
import { liveOn } from './life.ts'
import { daysOf, demoPeople } from './people.ts'
import { connectProduct, Running } from './product.ts'
import { importStoreList, makeSegments, makeTagRule, sharePhone } from './records.ts'
import { attempt, customerIdOf, minutesAt, type Scene } from './scene.ts'
import { connectRules } from './setup-rules.ts'
import { createSettle } from './settle.ts'
import { setUp } from './setup.ts'
import { useTalkTracks } from './talk-tracks.ts'
import type { Told } from './told.ts'
import { connectWecom } from './wecom.ts'

const dayMs = 86_400_000
const shanghaiMs = 8 * 3_600_000
const openingMinute = 8 * 60 + 30
/** The plan for the groups is on since so many days before today. */
const planDays = 15

const tell = (told: Told): void => console.log(JSON.stringify(told))

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
    seed: number(values.seed, 7, 0),
  }
}

const firstPages = (wanted: Pick<Pages, 'months' | 'customers' | 'seed'>): Pages => {
  const midnight = Math.floor((Date.now() + shanghaiMs) / dayMs) * dayMs - shanghaiMs
  return freshPages({ ...wanted, mark: 'shop', start: midnight - daysOf(wanted) * dayMs })
}

/** 李娜 wants to be reminded of the star tomorrow. */
const remind = async (scene: Scene): Promise<void> => {
  const star = scene.population.person(0)
  const now = await scene.wecom.now()
  const call = await scene.product.as(star.rep, now)
  const body = {
    key: `remind-${scene.book.pages.start}`,
    customerId: await customerIdOf(scene, star),
    title: '问问林小姐换季泛红好点了没，顺便提一下妈妈的礼盒',
    dueAt: new Date(now + dayMs).toISOString(),
  }
  await call(api.tasks.create, { body })
}

/** The manager speaks to all groups at once, each in its own tone. */
const pushToGroups = async ({ product, company, book }: Scene): Promise<void> => {
  const { items } = await product.call(api.groups.list)
  const body = {
    key: `weekend-${book.pages.seed}-${book.pages.start}`,
    contentId: company.contents['weekend'] ?? '',
    groupIds: items.map(({ id }) => id),
  }
  await product.call(api.groupPushes.push, { body })
}

/** Lives through the months before today, in steps of two days; then the clock is the real one. */
const makeHistory = async (scene: Scene): Promise<void> => {
  const { book, wecom, product, settle, cast, company, population, days } = scene
  const { pages } = book
  const tellProgress = (share: number): void => {
    const day = Math.min(days, Math.max(0, Math.floor(pages.until / 1440)))
    const text = t(
      `演示公司：第 ${day} / ${days} 天，${cast.joined} 位客户，${pages.orders} 单`,
      `Demo company: day ${day} of ${days}, ${cast.joined} customers, ${pages.orders} orders`,
    )
    tell({ progress: text, share })
  }
  await liveThrough(scene, minutesAt(scene, Date.now()), {
    stride: 2,
    stopped: () => false,
    tell: tellProgress,
    async arrived() {
      if (pages.star !== undefined) return
      await settle()
      await connectRules(product).turnOnRecalls(company.rules, await customerIdOf(scene, population.person(0)))
      pages.star = cast.get(0)?.external
      book.save()
      tell({ usable: true })
    },
    async evening(day) {
      if (day >= days - planDays) await attempt('group plan', () => makeGroupPlan(scene))
      if (day >= days - 2) await attempt('group push', () => pushToGroups(scene))
    },
  })
  await wecom.goTo(null)
  await settle()
  await attempt('reminder', () => remind(scene))
  await attempt('talk tracks', () => useTalkTracks(scene))
  await attempt('segments', () => makeSegments(scene))
  await attempt('tag rule', () => makeTagRule(scene))
  await attempt('import', () => importStoreList(scene))
  await attempt('one phone', () => sharePhone(scene))
  // What callbacks told in all these months against WeCom's lists: nothing may differ.
  await attempt('comparison', async () => void (await product.call(api.sync.start, { body: { kind: 'full' } })))
  pages.seeded = true
  book.save()
}

const main = async (): Promise<void> => {
  const { dataDir, ...wanted } = options()
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
  const running = Running.parse(JSON.parse(readFileSync(join(dataDir, 'sandbox.json'), 'utf8')))
  const book = openBook(join(dataDir, 'demo.json'), () => firstPages(wanted))
  const { pages } = book
  const wecom = connectWecom(running.wecom)
  const product = connectProduct(running)
  const settle = createSettle(wecom, product)

  if (!pages.seeded) await wecom.goBackTo(pages.start + Math.max(openingMinute, pages.until) * 60_000)
  if (pages.company === null) {
    const text = t(
      '演示公司：开业准备（员工、渠道、内容、规则）',
      'Demo company: opening (staff, channels, contents, rules)',
    )
    tell({ progress: text, share: 0 })
    pages.company = await setUp({ wecom, product, settle })
    book.save()
  }
  const cast = openCast(join(dataDir, 'demo.people'))
  const population = demoPeople(pages)
  const company = pages.company
  const scene: Scene = { wecom, product, settle, book, cast, company, population, days: daysOf(pages), attempt }
  if (pages.star !== undefined) tell({ usable: true })
  if (!pages.seeded) await makeHistory(scene)
  tell({ seeded: true })
  await liveOn(scene)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
