import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createPace } from '../../../server/outbox/pace.ts'
import { createTaskCards } from '../../../server/tasks/cards.ts'
import type { NewTask } from '../../../server/tasks/read.ts'
import { eventTable } from '@zhiyin/shared/events'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'
import { usePlatform } from '../../support/platform.ts'
import { useRedis } from '../../support/redis.ts'
import { sendingRooms } from '../../support/sending.ts'

const mongo = useMongo()
const redis = useRedis()
const startPlatform = usePlatform()
const hour = 3_600_000
const Card = z.object({
  template_card: z.looseObject({
    card_type: z.string(),
    main_title: z.object({ title: z.string() }),
    sub_title_text: z.string().optional(),
    task_id: z.string().optional(),
    button_list: z.array(z.looseObject({ text: z.string(), url: z.string().optional() })).optional(),
  }),
})

const setUp = async () => {
  const clock = movableClock(new Date('2026-03-02T04:00:00Z'))
  const platform = await startPlatform(clock)
  const rooms = sendingRooms(mongo.get(), clock, platform, { pace: createPace(redis.get(), clock) })
  const settings = { enabled: true }
  const ticked: string[] = []
  const cards = createTaskCards({
    mongo: mongo.get(),
    clock,
    zone: 'Asia/Shanghai',
    consoleUrl: 'https://zhiyin.example.com/console',
    enabled: async () => settings.enabled,
    customerNames: async () => new Map([['c1', '陈琳']]),
    wantMany: rooms.outbox.wantMany,
    sendOf: rooms.sends.get,
    done: async (userid, id) => {
      ticked.push(`${userid} ${id}`)
      await rooms.tasks.done(id)
    },
  })
  const run = async () => {
    await cards.sweep.run(clock.date())
    await rooms.settle()
  }
  const task = (over: Partial<NewTask> = {}): NewTask => ({
    key: 'k1',
    kind: 'rule',
    title: '回访陈琳',
    userid: 'wang',
    customerIds: ['c1'],
    dueAt: null,
    because: [],
    ...over,
  })
  /** The cards that stand in wang's chat, as they look now. */
  const shown = async () =>
    (await platform.ledger())
      .filter(({ msgtype }) => msgtype === 'template_card')
      .map(({ content }) => Card.parse(content).template_card)
  /** The stand-in's button, and the callback it fires as our handler gets it. */
  const press = async (cardId: string, key: string, from = 'wang') => {
    const { response_code } = await platform.press({ userid: 'wang', task_id: cardId, key })
    const fields = eventTable.template_card_event.parse({
      from,
      eventKey: key,
      taskId: cardId,
      cardType: 'button_interaction',
      responseCode: response_code,
      selectedItems: [],
    })
    const at = clock.date()
    const record = { id: 'i', key: 'k', event: 'template_card_event' as const, fields, createTime: at, receivedAt: at }
    return async () => {
      for (const handler of cards.handlers.template_card_event ?? []) await handler.run(record)
      await rooms.settle()
    }
  }
  return { clock, platform, ...rooms, cards, run, task, shown, press, ticked, settings }
}

beforeEach(async () => {
  await mongo.get().connection.dropDatabase()
  await redis.get().flushall()
  await setUp()
  await mongo.indexes()
})

describe('a task', () => {
  it('comes to its rep as a card, is ticked off by it once, and the card shows it', async () => {
    const { tasks, clock, run, task, shown, press, ticked } = await setUp()
    const { id } = await tasks.create(task())
    await run()
    expect(await shown()).toEqual([])
    clock.advance(20_000)
    await run()
    await run()
    const [card, ...more] = await shown()
    expect(more).toEqual([])
    expect(card).toMatchObject({
      card_type: 'button_interaction',
      main_title: { title: '回访陈琳' },
      task_id: `${id}@0`,
    })
    expect(card?.button_list?.map(({ text }) => text)).toEqual(['去处理', '已完成', '稍后'])
    expect(card?.button_list?.[0]?.url).toBe('https://zhiyin.example.com/console/customers/c1')
    const told = await press(`${id}@0`, 'task.done')
    // WeCom tells it twice.
    await told()
    await told()
    expect(await tasks.get(id)).toMatchObject({ state: 'done' })
    expect(ticked).toEqual([`wang ${id}`])
    const [after] = await shown()
    expect(after).toMatchObject({ card_type: 'text_notice', sub_title_text: expect.stringContaining('已完成') })
    clock.advance(hour)
    await run()
    expect(await shown()).toHaveLength(1)
  })

  it('that is put off comes again in an hour, however often the button is pressed', async () => {
    const { tasks, clock, run, task, shown, press } = await setUp()
    const { id } = await tasks.create(task())
    clock.advance(20_000)
    await run()
    const [first, second] = [await press(`${id}@0`, 'task.later'), await press(`${id}@0`, 'task.later')]
    await first()
    await second()
    const until = new Date(clock.now() + hour)
    expect(await tasks.get(id)).toMatchObject({ state: 'open', dueAt: until })
    expect((await shown())[0]?.sub_title_text).toMatch(/^已推迟到 3月2日 13:00$/)
    clock.advance(hour)
    await run()
    expect((await shown()).map(({ task_id }) => task_id)).toEqual([undefined, `${id}@1`])
  })

  it('that ends elsewhere changes its card; one that ended before is not sent', async () => {
    const { tasks, clock, run, task, shown } = await setUp()
    const { id } = await tasks.create(task())
    const early = await tasks.create(task({ key: 'k2', title: '早已完成', dueAt: new Date(clock.now() + hour) }))
    await tasks.done(early.id)
    clock.advance(20_000)
    await run()
    await tasks.close(['k1'], 'dropped')
    await run()
    expect((await shown()).map(({ sub_title_text }) => sub_title_text)).toEqual([expect.stringContaining('已取消')])
    clock.advance(2 * hour)
    await run()
    expect(await shown()).toHaveLength(1)
    expect(await tasks.get(id)).toMatchObject({ state: 'dropped' })
  })

  it('of one’s own making or already told of is a reminder when it is due; a mass message has none', async () => {
    const { tasks, clock, run, task, shown } = await setUp()
    const dueAt = new Date(clock.now() + hour)
    await tasks.createMany([
      task({ key: 'a', kind: 'manual', title: '无期限' }),
      task({ key: 'b', kind: 'manual', title: '打电话', dueAt }),
      task({ key: 'c', kind: 'confirm_mass', title: '确认群发', dueAt }),
      task({ key: 'd', kind: 'win_back', title: '挽回', dueAt }),
    ])
    clock.advance(60_000)
    await run()
    expect(await shown()).toEqual([])
    clock.advance(hour)
    await run()
    expect((await shown()).map(({ main_title }) => main_title.title).toSorted()).toEqual(['打电话', '挽回'])
  })
})

describe('a rep', () => {
  it('with many tasks at once gets one line, not a card each', async () => {
    const { tasks, clock, run, task, platform } = await setUp()
    await tasks.createMany(Array.from({ length: 12 }, (_, index) => task({ key: `k${index}`, title: `待办 ${index}` })))
    clock.advance(20_000)
    await run()
    await run()
    const got = (await platform.ledger()).filter(({ via }) => via === 'app')
    expect(got).toHaveLength(1)
    expect(got[0]?.text).toContain('你有 12 条待办')
  })

  it('who is not (any more) the one changes nothing', async () => {
    const { tasks, clock, run, task, shown, press } = await setUp()
    const { id } = await tasks.create(task())
    clock.advance(20_000)
    await run()
    await tasks.handOver({ from: 'wang', to: 'lina', customerIds: ['c1'] })
    await (
      await press(`${id}@0`, 'task.done')
    )()
    expect(await tasks.get(id)).toMatchObject({ state: 'open', userid: 'lina' })
    expect((await shown())[0]?.sub_title_text).toBe('已交给其他顾问')
  })

  it('gets none where the company does not want them', async () => {
    const { tasks, clock, run, task, shown, settings } = await setUp()
    settings.enabled = false
    await tasks.create(task())
    clock.advance(20_000)
    await run()
    settings.enabled = true
    await run()
    expect(await shown()).toEqual([])
  })
})
