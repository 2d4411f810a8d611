import { z } from 'zod'
import type { TransferAsk } from '@zhiyin/shared/api/transfers'
import { jobTable, type Enqueue } from '../../../server/flow/jobs.ts'
import { createKeptGroups } from '../../../server/groups/kept.ts'
import { createIds } from '../../../server/platform/id.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import { createRunsHandOver } from '../../../server/rules/hand-over.ts'
import { createTasks } from '../../../server/tasks/tasks.ts'
import { createTransfersRead } from '../../../server/transfers/read.ts'
import { createTransfers, holdersOf, type Transfers } from '../../../server/transfers/transfers.ts'
import { customerEngine } from '../../support/customers.ts'
import { quietLog } from '../../support/log.ts'
import type { WecomWorld } from '../../support/wecom.ts'

const Made = z.object({ external_userid: z.string() })
const Chat = z.object({ chat_id: z.string() })
const State = z.object({
  relations: z.array(z.object({ userid: z.string(), external_userid: z.string() })),
})

/** The rooms transfers, profile and tasks on a real database and the stand-in; the queue is a list that `settle` works off. */
export const transferRooms = (mongo: Mongo, world: WecomWorld) => {
  const { clock } = world
  const wecom = world.adapter()
  const newId = createIds(clock)
  const left = new Set<string>()
  const queue: (() => Promise<void>)[] = []
  const changedGroups: string[] = []
  const told: { userid: string; text: string }[] = []
  const engine: ReturnType<typeof customerEngine> = customerEngine(mongo, clock, {
    getCustomer: wecom.read.getCustomer,
    handOverOf: (...asked) => transfers.handOverOf(...asked),
  })
  const tasks = createTasks({
    mongo,
    clock,
    newId,
    appendFacts: async (list) => void (await engine.facts.append(list)),
  })
  const moveRuns = createRunsHandOver({ mongo })
  const enqueue: Enqueue = async (name, payload) => {
    if (name === 'transfers.run')
      queue.push(() => transfers.jobs['transfers.run'](jobTable['transfers.run'].payload.parse(payload)))
    if (name === 'transfers.leavers') queue.push(transfers.jobs['transfers.leavers'])
  }
  const transfers: Transfers = createTransfers({
    mongo,
    clock,
    log: quietLog,
    newId,
    enqueue,
    zone: 'Asia/Shanghai',
    read: wecom.read,
    setup: wecom.setup,
    views: engine.read.views,
    names: async (ids) => new Map(ids.map((id) => [id, `${id}名`])),
    ensureCustomers: (ids) => engine.profile.ensureCustomers(ids.map((value) => [{ kind: 'external_userid', value }])),
    customerOf: async (id) => holdersOf(await engine.read.byExternal(id)),
    groupsOf: createKeptGroups(mongo).ownedBy,
    groupChanged: async (chatId) => void changedGroups.push(chatId),
    gone: async () => [...left],
    isHere: async (userid) => !left.has(userid) && userid !== 'nobody',
    managersOf: async (ids) => new Map(ids.map((id) => [id, ['boss']])),
    appendFacts: engine.facts.append,
    handOver: engine.profile.handOver,
    moveWork: async (move) => {
      await tasks.handOver(move)
      await moveRuns(move)
    },
    createTasks: tasks.createMany,
    wantMany: async (inputs) => {
      for (const { userid, body } of inputs) told.push({ userid: userid ?? '', text: body?.text ?? '' })
    },
    transfersUrl: 'https://zhiyin.example/console/transfers',
  })
  const read = createTransfersRead(mongo)
  let serial = 0

  const learn = async (external: string): Promise<string> => {
    const at = clock.date()
    const detail = await wecom.read.getCustomer(external)
    if (detail === null) throw new Error(`nobody holds ${external}`)
    const id = await engine.told(detail, at)
    await engine.drain()
    return id
  }

  return {
    clock,
    engine,
    tasks,
    transfers,
    read,
    told,
    changedGroups,
    learn,
    /** A customer whom these members hold, known here too. */
    customer: async (...holders: string[]) => {
      serial += 1
      const { external_userid: external } = Made.parse(await world.act('customers', { name: `客户${serial}` }))
      for (const userid of holders) await world.act('add', { userid, external_userid: external })
      return { external, id: await learn(external) }
    },
    group: async (owner: string): Promise<string> => {
      const { chat_id } = Chat.parse(await world.act('groups', { name: `群${++serial}`, owner, kind: 'customer' }))
      await mongo.connection.collection('groups').insertOne({
        kind: 'customer',
        dismissed: false,
        key: chat_id,
        chatId: chat_id,
        name: `群${serial}`,
        owner,
        memberVersion: null,
      })
      return chat_id
    },
    member: async (userid: string) => void (await world.act('members', { userid, name: userid, department: [1] })),
    leave: async (userid: string): Promise<void> => {
      await world.act(`members/${userid}/leave`, {})
      left.add(userid)
    },
    ask: (over: Partial<TransferAsk> & { from: string }): TransferAsk => ({
      key: `key_${over.from}_${++serial}_0000`,
      customers: 'all',
      groups: [],
      takeovers: [{ userid: 'wangwei', share: 1 }],
      message: '',
      ...over,
    }),
    /** Sweeps and works off what was nudged, and what follows in the profile. */
    settle: async (): Promise<void> => {
      await transfers.sweep.run(clock.date())
      for (let job = queue.shift(); job !== undefined; job = queue.shift()) await job()
      await engine.drain()
    },
    /** Who holds these customers in WeCom, one list each. */
    heldInWecom: async (externals: readonly string[]): Promise<string[][]> => {
      const { relations } = State.parse(await world.look('state'))
      return externals.map((external) =>
        relations.filter(({ external_userid }) => external_userid === external).map(({ userid }) => userid),
      )
    },
    itemsOf: async (transferId: string) => (await read.items({ transferId, limit: 1000 })).items,
  }
}
