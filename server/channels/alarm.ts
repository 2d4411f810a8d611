import type { WantInput } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import { dayOf } from './duty.ts'

/** What a manager should know at once. */
export type ChannelAlarm = 'nobody' | 'rest' | 'gone'
export type Alarm = (
  channel: { id: string; name: string; people: readonly string[] },
  what: ChannelAlarm,
) => Promise<void>

const worthMs = 86_400_000

const textOf: Readonly<Record<ChannelAlarm, (name: string) => string[]>> = {
  nobody: (name) => [
    `渠道活码「${name}」现在没有人能接待：值班的和后备都不能接待了，请尽快更换接待人员。`,
    `Nobody can serve the channel ${name}: neither who is on duty nor a backup. Choose other reps soon.`,
  ],
  rest: (name) => [
    `渠道活码「${name}」的后备都不能接待了，暂由全部接待人员顶上（不分班次和上限），请更换后备。`,
    `No backup of the channel ${name} can serve; all its reps do for now, whatever shift and limit. Choose other backups.`,
  ],
  gone: (name) => [
    `渠道活码「${name}」在企业微信里已不存在，印出去的二维码已经失效，请重新生成或删除。`,
    `The code of the channel ${name} is gone from WeCom, so printed ones lead nowhere. Make it anew or delete it.`,
  ],
}

type Deps = {
  clock: Clock
  zone: string
  /** Who manages each of these reps. */
  managersOf: (userids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>
  wantMany: (inputs: readonly WantInput[]) => Promise<unknown>
  channelsUrl: string
}

/** A message in WeCom to the managers of a channel's reps; of the same thing one a day, however often it is said. */
export const createAlarm =
  ({ clock, zone, managersOf, wantMany, channelsUrl }: Deps): Alarm =>
  async ({ id, name, people }, what) => {
    const now = clock.date()
    const managers = new Set([...(await managersOf(people)).values()].flat())
    const text = [...textOf[what](name), `${channelsUrl}/${id}`].join('\n')
    await wantMany(
      [...managers].map((userid) => ({
        key: `channel.${what}:${id}:${dayOf(now, zone)}:${userid}`,
        channel: 'app',
        userid,
        body: { text, attachments: [] },
        expiresAt: new Date(now.getTime() + worthMs),
      })),
    )
  }
