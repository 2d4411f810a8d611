import { BroadcastDraft } from '@zhiyin/shared/broadcast'
import type { Tier } from '@zhiyin/shared/tier'
import { createBroadcasts } from '../../../server/broadcasts/room.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createOpenMessages } from '../../../server/outbox/read.ts'
import { evaluate } from '../../../server/conditions/evaluate.ts'
import { buildView } from '../../support/sending.ts'
import { useMassRooms } from '../mass/rooms.ts'

/** Mass messages of managers beside the rooms that send; `build` works off the building of them too. */
export const useBroadcasts = () => {
  const massRooms = useMassRooms()
  return async (options: Parameters<typeof massRooms>[0] = {}) => madeWith(await massRooms(options))
}

const madeWith = async (rooms: Awaited<ReturnType<ReturnType<typeof useMassRooms>>>) => {
  const { clock, mongo, contents, outbox, sends, customers, results, queue, settle } = rooms
  const groups: { id: string; chatId: string; name: string; owner: string; tier: Tier }[] = []
  const within = ({
    condition,
    userids,
  }: {
    condition: Parameters<typeof evaluate>[0]
    userids: readonly string[] | null
  }) =>
    [...customers.values()]
      .filter((view) => evaluate(condition, view, clock.date()).met)
      .filter(({ follows }) => userids === null || follows.some(({ userid }) => userids.includes(userid)))
      .sort((a, b) => (a.id < b.id ? -1 : 1))
  const make = () =>
    createBroadcasts({
      mongo,
      clock,
      newId: createIds(clock),
      enqueue: async (name, payload) => void queue.push({ name, payload }),
      scan: async (of, after, limit) =>
        within(of)
          .filter(({ id }) => after === null || id > after)
          .slice(0, limit),
      count: async (of) => within(of).length,
      groups: async () => groups.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      render: contents.render,
      names: async (ids) => new Map(ids.map((id) => [id, `${id}名`])),
      lastTalk: async (id) => rooms.talks.get(id) ?? null,
      contentName: async (id) => (await contents.get(id)).name,
      outbox,
      isOpen: sends.isOpen,
      messages: createOpenMessages(mongo),
      remind: results.remind,
      reached: rooms.measure.reached,
    })
  const broadcasts = make()
  await mongo.connection.models['Broadcast']?.createIndexes()
  const { id: contentId } = await contents.create(
    {
      name: '春季新品',
      body: { text: '春季新品到店', attachments: [] },
      variants: [
        {
          when: { tiers: ['A'] },
          body: { text: '{{ customer.name }}，为您留了一份，{{ rep.name }}', attachments: [] },
        },
      ],
    },
    'manager',
  )
  const draft = (over: Partial<BroadcastDraft> = {}) =>
    BroadcastDraft.parse({ audience: { kind: 'customers' }, contentId, ...over })
  let asked = 0
  const create = (over: Partial<BroadcastDraft> = {}, key = `key-of-${(asked += 1)}-broadcast`) =>
    broadcasts.create({ ...draft(over), key, name: '春季', within: null, by: '主管', makerId: 'boss' })
  /** Works off the building of broadcasts too, which the other rooms leave in the queue. */
  const build = async (): Promise<void> => {
    for (let round = 0; round < 30; round += 1) {
      const found = await broadcasts.sweep.run(clock.date())
      const jobs = queue.splice(0)
      for (const { name, payload } of jobs) {
        if (name !== 'broadcasts.build') queue.push({ name, payload })
        else if (typeof payload === 'object' && payload !== null && 'broadcastId' in payload)
          await broadcasts.jobs['broadcasts.build']({ broadcastId: String(payload.broadcastId) })
      }
      if (found === 0 && !jobs.some(({ name }) => name === 'broadcasts.build')) break
    }
    await settle()
  }
  const people = (count: number, tier: Tier): void => {
    for (let index = 0; index < count; index += 1) {
      const id = `${tier}${String(index).padStart(5, '0')}`
      customers.set(id, buildView({ id, name: '', tier: { ...buildView({ id }).tier, tier } }))
    }
  }
  return { ...rooms, broadcasts, make, groups, contentId, draft, create, build, people }
}
