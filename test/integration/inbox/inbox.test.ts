import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { handlersOf } from '@zhiyin/shared/events'
import { jobTable, type JobName } from '../../../server/flow/jobs.ts'
import { createInbox, type Inbox } from '../../../server/inbox/inbox.ts'
import { inboxModel } from '../../../server/inbox/inbox.model.ts'
import { createInboxRead } from '../../../server/inbox/read.ts'
import { refusedModel } from '../../../server/inbox/refused.model.ts'
import { AppError } from '../../../server/platform/errors.ts'
import { createIds } from '../../../server/platform/id.ts'
import { createMetrics } from '../../../server/platform/metrics.ts'
import { movableClock } from '../../support/clock.ts'
import { quietLog } from '../../support/log.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const clock = movableClock()
const jobs: { name: JobName; payload: unknown }[] = []
const ran: string[] = []
let failWith: Error | null = null
let failFor: string | null = null
/** What the first run of a handler waits for, to fail then. */
let failAfter: Promise<void> | null = null
let inbox: Inbox

const handlers = handlersOf((on) => {
  on('change_external_contact.add_external_contact', {
    name: 'welcome',
    lane: 'now',
    run: async ({ fields }) => {
      if (failWith) throw failWith
      if (failAfter) {
        const waited = failAfter
        failAfter = null
        await waited
        throw new Error('late')
      }
      if (fields.externalUserId === failFor) throw new Error('boom')
      ran.push(`welcome ${fields.externalUserId} ${fields.welcomeCode ?? '-'}`)
    },
  })
  on(['change_external_contact.add_external_contact', 'change_external_contact.del_follow_user'], {
    name: 'profile',
    lane: 'soon',
    run: async ({ fields, event }) => void ran.push(`profile ${event.split('.')[1]} ${fields.externalUserId}`),
  })
})

beforeAll(async () => {
  inboxModel(mongo.get().connection)
  refusedModel(mongo.get().connection)
  await mongo.indexes()
  inbox = createInbox({
    mongo: mongo.get(),
    clock,
    newId: createIds(clock),
    enqueueMany: (list) => {
      jobs.push(...list)
      return Promise.resolve()
    },
    log: quietLog,
    metrics: createMetrics(),
    handlers,
  })
})
beforeEach(async () => {
  await inboxModel(mongo.get().connection).deleteMany({})
  jobs.length = 0
  ran.length = 0
  failWith = null
  failFor = null
})
afterAll(() => inbox.close())

const added = (externalUserId: string, more: Record<string, string> = {}) => ({
  event: 'change_external_contact.add_external_contact',
  fields: { from: 'sys', userid: 'lina', externalUserId, ...more },
  createTime: new Date(1_700_000_000_000),
})
const read = () => createInboxRead({ mongo: mongo.get(), clock })
const all = async () => (await read().list({ limit: 200 })).items
const only = async () => {
  const items = await all()
  expect(items).toHaveLength(1)
  const [item] = items
  if (!item) throw new Error('nothing stored')
  return item
}
const settle = async () => {
  for (;;) {
    const job = jobs.shift()
    if (!job) return
    const { ids } = jobTable['inbox.handle'].payload.parse(job.payload)
    await inbox.handle(ids, job.name === 'inbox.handle_now' ? 'now' : 'soon').catch(() => undefined)
  }
}
const jobsFor = (...ids: string[]) => [
  { name: 'inbox.handle_now', payload: { ids } },
  { name: 'inbox.handle', payload: { ids } },
]

describe('append', () => {
  it('keeps 200 concurrent copies as one record, with one nudge for each lane', async () => {
    await Promise.all(Array.from({ length: 200 }, () => inbox.append(added('wm1'))))
    const item = await only()
    expect(item).toMatchObject({ state: 'pending', copies: 200 })
    await expect.poll(() => jobs).toEqual(jobsFor(item.id))
  })

  it('does not mind the order of the fields, and the next delivery counts as a copy', async () => {
    await inbox.append(added('wm1', { state: 's' }))
    const { event, createTime } = added('wm1')
    await inbox.append({
      event,
      createTime,
      fields: { state: 's', externalUserId: 'wm1', userid: 'lina', from: 'sys' },
    })
    expect(await only()).toMatchObject({ copies: 2 })
  })

  it('keeps two customers added by one rep in the same second apart', async () => {
    await Promise.all([inbox.append(added('wm1')), inbox.append(added('wm2'))])
    await expect.poll(() => jobs.length).toBe(2)
    await settle()
    expect(ran.filter((line) => line.startsWith('welcome')).toSorted()).toEqual(['welcome wm1 -', 'welcome wm2 -'])
  })

  it('stores a mixture of new and known ones in one write', async () => {
    await inbox.append(added('wm0'))
    await Promise.all(Array.from({ length: 50 }, (_, index) => inbox.append(added(`wm${index % 25}`))))
    const items = await all()
    expect(items).toHaveLength(25)
    expect(items.reduce((sum, item) => sum + item.copies, 0)).toBe(51)
  })

  it('stores what nobody handles as ignored', async () => {
    await inbox.append({ event: 'brand_new.thing', fields: { a: '1' }, createTime: null })
    await inbox.append({ event: 'subscribe', fields: { from: 'lina' }, createTime: null })
    expect((await all()).map((item) => item.state)).toEqual(['ignored', 'ignored'])
    expect(jobs).toEqual([])
  })
})

describe('handling', () => {
  it('runs each handler once, in its lane, and settles the record after the last', async () => {
    await inbox.append(added('wm1', { welcomeCode: 'C' }))
    const { id } = await only()
    await expect.poll(() => jobs).toEqual(jobsFor(id))
    await Promise.all([inbox.handle([id], 'now'), inbox.handle([id], 'soon')])
    expect((await only()).state).toBe('settled')
    await inbox.handle([id], 'now')
    await inbox.handle(['inb_nowhere'], 'now')
    expect(ran.toSorted()).toEqual(['profile add_external_contact wm1', 'welcome wm1 C'])
  })

  it('lets a failing handler retry alone and gives it up after 8 attempts', async () => {
    await inbox.append(added('wm1'))
    const { id } = await only()
    failWith = new Error('boom')
    await inbox.handle([id], 'soon')
    for (let attempt = 1; attempt <= 8; attempt += 1) await expect(inbox.handle([id], 'now')).rejects.toThrow('boom')
    expect(await only()).toMatchObject({
      state: 'dead',
      handlers: [
        { name: 'welcome', state: 'dead', attempts: 8, error: 'boom' },
        { name: 'profile', state: 'done', attempts: 0 },
      ],
    })
    await inbox.handle([id], 'now')
    expect(ran).toEqual(['profile add_external_contact wm1'])

    failWith = null
    jobs.length = 0
    await inbox.replay(id)
    await settle()
    expect(await only()).toMatchObject({ state: 'settled', handlers: [{ error: null }, {}] })
    expect(ran).toHaveLength(3)
  })

  it('fails the bad ones of a job alone, and asks for them again', async () => {
    await Promise.all([inbox.append(added('wm1')), inbox.append(added('wm2')), inbox.append(added('wm3'))])
    const ids = (await all()).map((item) => item.id)
    failFor = 'wm2'
    await expect(inbox.handle(ids, 'now')).rejects.toThrow('boom')
    await inbox.handle(ids, 'soon')
    expect((await all()).map((item) => item.state).toSorted()).toEqual(['pending', 'settled', 'settled'])
    failFor = null
    await inbox.handle(ids, 'now')
    expect((await all()).every((item) => item.state === 'settled')).toBe(true)
    expect(ran.filter((line) => line.startsWith('welcome')).toSorted()).toEqual([
      'welcome wm1 -',
      'welcome wm2 -',
      'welcome wm3 -',
    ])
  })

  it('does not begin anew with what a second run of the same job ended before the first failed', async () => {
    let fail = (): void => undefined
    failAfter = new Promise((resolve) => (fail = resolve))
    await inbox.append(added('wm1'))
    const { id } = await only()
    const failing = inbox.handle([id], 'now')
    await inbox.handle([id], 'now')
    await inbox.handle([id], 'soon')
    fail()
    await expect(failing).rejects.toThrow('late')
    expect(await only()).toMatchObject({
      state: 'settled',
      handlers: [
        { name: 'welcome', state: 'done', attempts: 0, error: null },
        { name: 'profile', state: 'done' },
      ],
    })
    await inbox.handle([id], 'now')
    expect(ran).toEqual(['welcome wm1 -', 'profile add_external_contact wm1'])
  })

  it('gives up at once what repeating cannot help', async () => {
    await inbox.append(added('wm1'))
    failWith = new AppError('wecom.refused', { params: { errcode: 40058 } })
    const { id } = await only()
    await expect(inbox.handle([id], 'now')).rejects.toThrow()
    await inbox.handle([id], 'soon')
    expect(await only()).toMatchObject({ state: 'dead', handlers: [{ state: 'dead', attempts: 1 }, {}] })
  })

  it('is patient for an hour with a fault that is known to pass', async () => {
    await inbox.append(added('wm1'))
    failWith = new AppError('wecom.unreachable', { retry: 'backoff' })
    const { id } = await only()
    for (let attempt = 0; attempt < 10; attempt += 1) await inbox.handle([id], 'now').catch(() => undefined)
    expect((await only()).state).toBe('pending')
    clock.advance(61 * 60_000)
    await inbox.handle([id], 'now').catch(() => undefined)
    await inbox.handle([id], 'soon')
    expect((await only()).state).toBe('dead')
  })

  it('gives up a known event whose fields are not its own', async () => {
    await inbox.append({
      event: 'change_external_contact.del_follow_user',
      fields: { userid: 'lina' },
      createTime: null,
    })
    const { id } = await only()
    await expect(inbox.handle([id], 'soon')).rejects.toThrow()
    expect(await only()).toMatchObject({ state: 'dead' })
  })
})

describe('sweep, backlog, replay, health', () => {
  it('nudges what was lost, once a minute, and only that', async () => {
    await inbox.append(added('wm1'))
    const { id } = await only()
    jobs.length = 0
    expect(await inbox.sweep.run(clock.date())).toBe(0)
    expect(await inbox.backlog.count(clock.date())).toMatchObject({ pending: 1, due: 0, dead: 0 })
    clock.advance(20_000)
    expect(await inbox.backlog.count(clock.date())).toMatchObject({ pending: 1, due: 1 })
    expect(await inbox.sweep.run(clock.date())).toBe(1)
    expect(await inbox.sweep.run(clock.date())).toBe(0)
    await expect.poll(() => jobs).toEqual(jobsFor(id))
    await settle()
    clock.advance(3_600_000)
    expect(await inbox.sweep.run(clock.date())).toBe(0)
    expect(await inbox.backlog.count(clock.date())).toEqual({ pending: 0, due: 0, dead: 0, oldestAt: null })
  })

  it('says why it cannot replay', async () => {
    await expect(inbox.replay('inb_nowhere')).rejects.toMatchObject({ code: 'not_found' })
    await inbox.append({ event: 'brand_new.thing', fields: {}, createTime: null })
    await expect(inbox.replay((await only()).id)).rejects.toMatchObject({ code: 'inbox.no_handler' })
  })

  it('tells how it is', async () => {
    await inbox.append(added('wm1'))
    await inbox.append(added('wm1'))
    clock.advance(2 * 3_600_000)
    await inbox.append({ event: 'brand_new.thing', fields: {}, createTime: null })
    inbox.refused('signature')
    inbox.refused('signature')
    inbox.refused('stale')
    await inbox.close()
    expect(await read().health()).toEqual({
      lastAt: clock.date(),
      lastHour: 1,
      lastDay: 2,
      refusedLastDay: 3,
      pending: 1,
      dead: 0,
      ignored: 1,
      copies: 1,
      byEvent: expect.arrayContaining([
        { event: 'brand_new.thing', count: 1 },
        { event: 'change_external_contact.add_external_contact', count: 1 },
      ]),
    })
  })

  it('lists page by page, newest first', async () => {
    for (const customer of ['a', 'b', 'c']) {
      clock.advance(1)
      await inbox.append(added(customer))
    }
    await sleep(1)
    const first = await read().list({ limit: 2 })
    expect(first.items.map((item) => item.fields['externalUserId'])).toEqual(['c', 'b'])
    const second = await read().list({ limit: 2, after: first.next ?? undefined })
    expect(second.items.map((item) => item.fields['externalUserId'])).toEqual(['a'])
    expect(second.next).toBeNull()
    expect((await read().list({ limit: 2, state: 'dead' })).items).toEqual([])
  })
})
