import { Stop } from '../start/checks.ts'
import { t } from '../start/language.ts'
import { banner } from '../start/print.ts'
import { readFlags, usage, type Flags } from './flags.ts'
import { liveThrough } from './history.ts'
import { streamAt } from './paced.ts'
import { openPlay } from './play.ts'

/** Seconds as people say them. */
const duration = (seconds: number): string => {
  if (seconds < 90) return t(`${Math.round(seconds)} 秒`, `${Math.round(seconds)} s`)
  if (seconds < 5400) return t(`${Math.round(seconds / 60)} 分钟`, `${Math.round(seconds / 60)} min`)
  return t(`${(seconds / 3600).toFixed(1)} 小时`, `${(seconds / 3600).toFixed(1)} h`)
}

const play = async (flags: Flags): Promise<void> => {
  const say = banner()
  const { scene, goesOn } = await openPlay(flags, say.line)
  const { pages } = scene.book
  const { wecom, book, cast, days } = scene
  if (goesOn) say.line(t('接着上次放', 'Going on from last time'))

  let stopping = false
  let asked = 0
  process.on('SIGINT', () => {
    // One Ctrl-C may come twice: from the terminal and from the program that started this one.
    if (stopping && Date.now() - asked > 500) process.exit(130)
    if (stopping) return
    stopping = true
    asked = Date.now()
    say.line(t('正在停下（再按一次 Ctrl-C 立即退出）…', 'Stopping (Ctrl-C again leaves at once)…'))
  })
  process.on('SIGTERM', () => (stopping = true))

  const began = Date.now()
  let first: number | undefined
  const tell = (share: number, speed: string): void => {
    first ??= share
    const lived = share - first
    const left = lived > 0 ? ((Date.now() - began) / 1000 / lived) * (1 - share) : undefined
    const day = Math.min(days, Math.max(0, Math.floor(pages.until / 1440)))
    const rest = left === undefined ? '' : t(`，还需约 ${duration(left)}`, `, about ${duration(left)} left`)
    say.progress(
      t(
        `第 ${day} / ${days} 天，新客户 ${cast.joined} / ${pages.customers}，${pages.orders} 单${speed}${rest}`,
        `Day ${day} of ${days}, ${cast.joined} of ${pages.customers} new customers, ${pages.orders} orders${speed}${rest}`,
      ),
      share,
    )
  }

  const { rate } = flags
  const end = days * 1440
  try {
    if (rate === undefined)
      await liveThrough(scene, end, {
        stride: 2,
        stopped: () => stopping,
        tell: (share) => tell(share, ''),
        arrived: () => Promise.resolve(),
        evening: () => Promise.resolve(),
      })
    else
      await streamAt(scene, rate, {
        stopped: () => stopping,
        tell: (share, reached) =>
          tell(share, t(`，每秒 ${reached.toFixed(0)} 件`, `, ${reached.toFixed(0)} deeds a second`)),
      })
  } finally {
    pages.seeded = pages.until >= end
    book.save()
  }
  const took = duration((Date.now() - began) / 1000)
  if (!pages.seeded) {
    say.line(t('已停下；再运行 npm run demo 接着放', 'Stopped; npm run demo goes on'))
    return
  }
  const now = new Date(await wecom.now()).toLocaleString(t('zh-CN', 'en-GB'), { timeZone: 'Asia/Shanghai' })
  say.line(
    t(
      `✓ ${cast.joined} 位新客户，${pages.orders} 单，用时 ${took}。公司的时钟现在是 ${now}`,
      `✓ ${cast.joined} new customers, ${pages.orders} orders in ${took}. The company's clock says ${now}`,
    ),
  )
}

try {
  const flags = readFlags(process.argv.slice(2))
  if (flags.help) console.log(usage())
  else await play(flags)
} catch (error) {
  console.error(`✗ ${error instanceof Error ? error.message : String(error)}`)
  if (!(error instanceof Stop)) console.error(t('再运行 npm run demo 接着放', 'npm run demo goes on from here'))
  process.exitCode = 1
}
