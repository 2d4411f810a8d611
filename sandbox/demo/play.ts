import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { populationOf } from '../population/population.ts'
import { cdnow, withMoney } from '../population/purchase.ts'
import { Stop } from '../start/checks.ts'
import { t } from '../start/language.ts'
import { freshPages, openBook, type Book, type Pages } from './book.ts'
import { openCast } from './cast.ts'
import type { Flags } from './flags.ts'
import { daysOf } from './people.ts'
import { connectProduct, Running } from './product.ts'
import { attempt, type Scene } from './scene.ts'
import { createSettle } from './settle.ts'
import { grow, setUp } from './setup.ts'
import { connectWecom } from './wecom.ts'

const dayMs = 86_400_000
const shanghaiMs = 8 * 3_600_000
/** CDNOW's dollars of 1997 as yuan: a basket of 35 dollars is one of 250 yuan. */
const yuanForDollar = 7

const notRunning = (): Stop =>
  new Stop(
    t('知音没有在运行：先在另一个终端运行 npm start', 'Zhiyin is not running: run npm start in another terminal first'),
  )

/** Where the product runs; throws a Stop when it does not answer. */
const findProduct = async (dataDir: string): Promise<Running> => {
  const file = join(dataDir, 'sandbox.json')
  if (!existsSync(file)) throw notRunning()
  const running = Running.parse(JSON.parse(readFileSync(file, 'utf8')))
  for (const url of [`${running.server}/health/ready`, `${running.wecom}/sandbox/api/idle`]) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.ok !== true) throw notRunning()
  }
  return running
}

/** The demo company makes its own history first: two who move one clock would tear it. */
const untilFilled = async (dataDir: string, say: (text: string) => void): Promise<Pages | undefined> => {
  const file = join(dataDir, 'demo.json')
  const never = (): never => {
    throw notRunning()
  }
  for (let waited = false; existsSync(file); waited = true) {
    const { pages } = openBook(file, never)
    if (pages.seeded) return pages
    if (!waited) say(t('演示公司还在补写历史，等它写完…', 'The demo company is still making its history; waiting…'))
    await sleep(1000)
    await findProduct(dataDir)
  }
  return undefined
}

/** The unfinished play of last time, or a new one from the next midnight on. */
const bookOf = (flags: Flags, now: number): { book: Book; file: string; goesOn: boolean } => {
  const file = join(flags.dataDir, 'population.json')
  const seed = flags.seed ?? 1
  const start = (Math.floor((now + shanghaiMs) / dayMs) + 1) * dayMs - shanghaiMs
  const fresh = (): Pages =>
    freshPages({
      ...{ seed, months: flags.months ?? 6, customers: flags.customers ?? 500, start },
      mark: `p${seed}.${Math.floor(now / 60_000).toString(36)}`,
    })
  const last = openBook(file, fresh)
  if (existsSync(file) && !last.pages.seeded && !flags.fresh) {
    const { months, customers, seed: lastSeed } = last.pages
    const differs =
      (flags.months ?? months) !== months ||
      (flags.customers ?? customers) !== customers ||
      (flags.seed ?? lastSeed) !== lastSeed
    if (differs)
      throw new Stop(
        t(
          `上次的（${customers} 位客户，${months} 个月，种子 ${lastSeed}）还没放完：npm run demo 接着放，或加 --new 放弃它`,
          `The last one (${customers} customers, ${months} months, seed ${lastSeed}) is unfinished: npm run demo goes on, --new gives it up`,
        ),
      )
    return { book: last, file, goesOn: true }
  }
  for (const old of [file, `${file}.people`]) rmSync(old, { force: true })
  return { book: openBook(file, fresh), file, goesOn: false }
}

/** Everything that is needed to play a population on the running product: the company has grown to its size. */
export const openPlay = async (
  flags: Flags,
  say: (text: string) => void,
): Promise<{ scene: Scene; goesOn: boolean }> => {
  const running = await findProduct(flags.dataDir)
  const there = await untilFilled(flags.dataDir, say)
  const wecom = connectWecom(running.wecom)
  const product = connectProduct(running)
  const settle = createSettle(wecom, product)
  const { book, file, goesOn } = bookOf(flags, await wecom.now())
  const { seed, months, customers, start, mark } = book.pages
  const days = daysOf({ months })
  const model = withMoney(cdnow, yuanForDollar)
  const population = populationOf({ seed, customers, start, days, mark, model, lookers: 0, rush: 1.3 })
  if (book.pages.company === null) {
    say(t('准备员工、渠道和群…', 'Staff, channels and groups…'))
    const deps = { wecom, product, settle }
    book.pages.company = await grow(deps, population.staff, there?.company ?? (await setUp(deps)))
    book.save()
  }
  const cast = openCast(`${file}.people`)
  return {
    scene: { wecom, product, settle, book, cast, company: book.pages.company, population, days, attempt },
    goesOn,
  }
}
