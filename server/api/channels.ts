import { channels as endpoints, type Channel } from '@zhiyin/shared/api/channels'
import { sayError } from '@zhiyin/shared/errors'
import type { Lang } from '@zhiyin/shared/text'
import type { Channels } from '../channels/channels.ts'
import type { ChannelView, ChannelsRead } from '../channels/read.ts'
import { steerChannel } from '../commands/steer-channel.ts'
import { strayChannel } from '../commands/stray-channel.ts'
import { writeChannel } from '../commands/write-channel.ts'
import { greets } from '../rules/greeter.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeChannel>[0] &
  Parameters<typeof steerChannel>[0] &
  Parameters<typeof strayChannel>[0] & {
    channels: Pick<Channels, 'stats' | 'picture'>
    channelsRead: Pick<ChannelsRead, 'list' | 'get'>
    /** Names by userid; who is unknown is left out. */
    names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
    rulesOn: () => Promise<readonly (Parameters<typeof greets>[0] & { _id: string; name: string })[]>
  }

type Recent = { today: number; last30: number }
const nobodyYet: Recent = { today: 0, last30: 0 }

const peopleOf = ({ userids, backups, serving, unable }: ChannelView): string[] => [
  ...userids,
  ...backups,
  ...serving.userids,
  ...unable.map(({ userid }) => userid),
]

const problemText = ({ problem }: ChannelView, lang: Lang): string | null => {
  if (problem === null) return null
  const { code, errcode, hint } = problem
  return sayError(code, { errcode, hint }, lang)
}

const present = (channel: ChannelView, recent: Recent, lang: Lang): Channel => ({
  ...channel,
  ...recent,
  serving: { ...channel.serving, until: channel.serving.until?.toISOString() ?? null },
  unable: channel.unable.map(({ userid, errcode }) => ({ userid, errcode })),
  problem: problemText(channel, lang),
  createdAt: channel.createdAt.toISOString(),
})

/** The rules that greet, some or all of, those who come through a channel; those made for it first. */
const welcomesOf = (rules: Awaited<ReturnType<Deps['rulesOn']>>, channelId: string): { id: string; name: string }[] =>
  rules
    .filter(greets)
    .flatMap(({ _id: id, name, trigger }) => {
      const channelIds = trigger.type === 'customer.added' ? trigger.channelIds : []
      return channelIds.length === 0 || channelIds.includes(channelId) ? [{ id, name, own: channelIds.length > 0 }] : []
    })
    .sort((a, b) => Number(b.own) - Number(a.own))
    .map(({ id, name }) => ({ id, name }))

export const channelsApi = ({ channelsRead, rulesOn, names, ...deps }: Deps): Bound[] => {
  const { stats, picture } = deps.channels
  const write = writeChannel(deps)
  const steer = steerChannel(deps)
  const stray = strayChannel(deps)
  const shown = async (channel: ChannelView, lang: Lang): Promise<Channel> =>
    present(channel, (await stats.recent([channel.id])).get(channel.id) ?? nobodyYet, lang)
  const namesOf = async (userids: readonly string[]): Promise<Record<string, string>> =>
    Object.fromEntries(await names(userids))
  return [
    bind(endpoints.list, async ({ lang }) => {
      const list = await channelsRead.list()
      const recent = await stats.recent(list.map(({ id }) => id))
      return {
        items: list.map((channel) => present(channel, recent.get(channel.id) ?? nobodyYet, lang)),
        names: await namesOf(list.flatMap(peopleOf)),
      }
    }),
    bind(endpoints.strays, async () => {
      const found = await deps.channels.strays.list()
      return { ...found, names: await namesOf(found.items.flatMap(({ userids }) => userids)) }
    }),
    bind(endpoints.get, async ({ params, lang }) => {
      const channel = await channelsRead.get(params.id)
      return {
        channel: await shown(channel, lang),
        names: await namesOf(peopleOf(channel)),
        welcomes: welcomesOf(await rulesOn(), params.id),
      }
    }),
    bind(endpoints.stats, async ({ params, query }) => {
      await channelsRead.get(params.id)
      const found = await stats.of(params.id, query.days)
      const named = await names(found.reps.map(({ userid }) => userid))
      return { ...found, reps: found.reps.map((rep) => ({ ...rep, name: named.get(rep.userid) ?? rep.userid })) }
    }),
    bind(endpoints.picture, ({ params }) => picture(params.id)),
    bind(endpoints.create, async ({ actor, body, lang }) => shown(await write(actor, null, body), lang)),
    bind(endpoints.update, async ({ actor, params, body, lang }) => shown(await write(actor, params.id, body), lang)),
    bind(endpoints.pause, async ({ actor, params, lang }) => shown(await steer(actor, 'pause', params.id), lang)),
    bind(endpoints.resume, async ({ actor, params, lang }) => shown(await steer(actor, 'resume', params.id), lang)),
    bind(endpoints.remake, async ({ actor, params, lang }) => shown(await steer(actor, 'remake', params.id), lang)),
    bind(endpoints.remove, async ({ actor, params }) => {
      await steer(actor, 'remove', params.id)
      return { ok: true as const }
    }),
    bind(endpoints.adopt, async ({ actor, params, body, lang }) =>
      shown(await stray.adopt(actor, params.id, body.name), lang),
    ),
    bind(endpoints.removeStray, async ({ actor, params }) => {
      await stray.remove(actor, params.id)
      return { ok: true as const }
    }),
  ]
}
