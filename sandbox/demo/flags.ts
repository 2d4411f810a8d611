import { parseArgs } from 'node:util'
import { t } from '../start/language.ts'
import { Stop } from '../start/checks.ts'

/** What `npm run demo` was asked. Undefined: not said. */
export type Flags = {
  readonly months: number | undefined
  readonly customers: number | undefined
  readonly seed: number | undefined
  /** Deeds a second by the wall clock; without it the months go by in seconds. */
  readonly rate: number | undefined
  readonly fresh: boolean
  readonly dataDir: string
  readonly help: boolean
}

export const usage = (): string =>
  t(
    `npm run demo -- --months 6 --customers 500 [--seed N] [--rate R] [--new] [--data 目录]

  为正在运行的产品（npm start）增加一批按购买模型生活的客户。
  --months     生活多少个月（1–24，默认 6）
  --customers  多少位客户（10–1000000，默认 500）
  --seed       种子数字；同一种子，同样的人和事（默认 1）
  --rate       按现实时间每秒多少件事（1–5000）；不写则拨快时钟，几秒钟过完几个月
  --new        放弃上次没放完的，重新开始
  Ctrl-C 随时停下；再运行 npm run demo 接着放。`,
    `npm run demo -- --months 6 --customers 500 [--seed N] [--rate R] [--new] [--data DIR]

  Adds customers who live by a purchase model to the running product (npm start).
  --months     how many months they live (1–24, 6)
  --customers  how many (10–1000000, 500)
  --seed       a number; the same seed, the same people and deeds (1)
  --rate       so many deeds a second of real time (1–5000); without it the clock runs, and months pass in seconds
  --new        gives up what was left unfinished and begins anew
  Ctrl-C stops at any time; npm run demo goes on.`,
  )

const number = (name: string, given: string | undefined, least: number, most: number): number | undefined => {
  if (given === undefined) return undefined
  const value = Number(given)
  if (Number.isInteger(value) && value >= least && value <= most && given.trim() !== '') return value
  throw new Stop(
    t(
      `--${name} 要 ${least} 到 ${most} 的整数，不能是「${given}」`,
      `--${name} takes a whole number from ${least} to ${most}, not "${given}"`,
    ),
  )
}

/** Reads the flags; throws a Stop with one sentence for what does not fit. */
export const readFlags = (args: readonly string[]): Flags => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean', default: false } as const
  const options = { months: text, customers: text, seed: text, rate: text, data: text, new: flag, help: flag }
  const { values } = (() => {
    try {
      return parseArgs({ args: [...args], options })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Stop(`${t('参数不对', 'These flags do not fit')}: ${reason}\n\n${usage()}`, { cause: error })
    }
  })()
  return {
    months: number('months', values.months, 1, 24),
    customers: number('customers', values.customers, 10, 1_000_000),
    seed: number('seed', values.seed, 0, 1_000_000_000),
    rate: number('rate', values.rate, 1, 5000),
    fresh: values.new,
    dataDir: values.data ?? '.data',
    help: values.help,
  }
}
