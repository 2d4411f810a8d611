import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { ApiError } from '@zhiyin/shared/api/client'
import type { Gap } from '@zhiyin/shared/api/sync'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { morning } from '../support/company.ts'
import { startWorld, type World } from '../support/world.ts'

const reps = ['lina', 'wangwei', 'zhao', 'sun']
const Person = z.object({ external_userid: z.string() })
const Nothing = z.object({})
const Chat = z.object({ chat_id: z.string() })

/** So many at a time: a company at work, not one person after the other. */
const eachOf = async <T>(items: readonly T[], act: (item: T, index: number) => Promise<unknown>): Promise<void> => {
  const queue = items.entries()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const [index, item] of queue) await act(item, index)
    }),
  )
}

describe('callbacks that never come', () => {
  let world: World

  beforeAll(async () => {
    world = await startWorld()
    await world.wecom(admin.clock.set, { body: { now: morning } })
    for (const userid of reps) await world.act('members', { userid, name: userid }, Nothing)
    await world.call(api.members.sync)
  })
  afterAll(() => world.close())

  /** What WeCom says of each pair and group: the remark, or name and size; missing where there is none. */
  const inWecom = async (): Promise<Map<string, string>> => {
    const { relations, groups } = await world.state()
    return new Map([
      ...relations.map(({ userid, external_userid, remark }) => [`${userid} ${external_userid}`, remark] as const),
      ...groups.map(({ chat_id, name, members }) => [chat_id, `${name} ${members.length}`] as const),
    ])
  }
  /** The same as the product shows it, for some of them. */
  const knownOf = async (subjects: ReadonlySet<string>): Promise<Map<string, string | undefined>> => {
    const groups = (await world.call(api.groups.list)).items
    const known = new Map<string, string | undefined>()
    await eachOf([...subjects], async (subject) => {
      const [userid = '', id] = subject.split(' ')
      if (id === undefined) {
        const group = groups.find(({ chatId }) => chatId === subject)
        known.set(subject, group === undefined ? undefined : `${group.name} ${group.members}`)
        return
      }
      const profile = await world.call(api.customers.byExternal, { params: { id } }).catch((error: unknown) => {
        if (error instanceof ApiError && error.status === 404) return null
        throw error
      })
      const follow = profile?.follows.find((one) => one.userid === userid && one.state === 'following')
      known.set(subject, follow === undefined ? undefined : (follow.remark ?? ''))
    })
    return known
  }
  const heldBy = async (userid: string): Promise<string[]> => {
    const found: string[] = []
    let after: string | null = null
    do {
      const page: { items: { externalUserId?: string | undefined }[]; next: string | null } = await world.call(
        api.customers.list,
        { query: { userid, limit: 200, ...(after === null ? {} : { after }) } },
      )
      found.push(...page.items.flatMap(({ externalUserId }) => externalUserId ?? []))
      after = page.next
    } while (after !== null)
    return found
  }
  const gaps = async (): Promise<Gap[]> => {
    const found: Gap[] = []
    let after: string | null = null
    do {
      const page: { items: Gap[]; next: string | null } = await world.call(api.sync.gaps, {
        query: { limit: 200, ...(after === null ? {} : { after }) },
      })
      found.push(...page.items)
      after = page.next
    } while (after !== null)
    return found
  }
  /** What each callback was about, and whether it came; the last one of each subject decides what we know of it. */
  const lostAtLast = async (since: string): Promise<{ lost: number; sent: number; subjects: Set<string> }> => {
    const deliveries = await world.wecom(admin.callbacks.list, { query: { since } })
    const last = new Map<string, boolean>()
    const part = (xml: string, name: string): string =>
      new RegExp(`<${name}><!\\[CDATA\\[([^\\]]+)`).exec(xml)?.[1] ?? ''
    for (const { event, message, state } of deliveries) {
      const subject = event.startsWith('change_external_chat')
        ? part(message, 'ChatId')
        : [part(message, 'UserID'), part(message, 'ExternalUserID')].join(' ')
      last.set(subject, state === 'dropped')
    }
    return {
      lost: deliveries.filter(({ state }) => state === 'dropped').length,
      sent: deliveries.length,
      subjects: new Set([...last].flatMap(([subject, dropped]) => (dropped ? [subject] : []))),
    }
  }

  it('5 % of 2,000 are lost: each is found and repaired, and the two agree again', async () => {
    await world.drain()
    const before = (await world.wecom(admin.callbacks.list, { query: {} })).at(-1)?.id ?? ''
    await world.put('callbacks/mode', { dropPercent: 5, seed: 7 })
    const people: string[] = []
    await eachOf(Array.from({ length: 1000 }), async () => {
      people.push((await world.act('customers', { name: '客户' }, Person)).external_userid)
    })
    const repOf = (index: number): string => reps[index % reps.length] ?? ''
    await eachOf(people, (external_userid, index) =>
      world.act('add', { userid: repOf(index), external_userid }, z.object({ welcome_code: z.string().nullable() })),
    )
    await world.advanceOnly(60_000)
    await eachOf(people.slice(0, 600), (external_userid, index) =>
      world.act('remark', { userid: repOf(index), external_userid, remark: `备注 ${index}` }, Nothing),
    )
    await world.advanceOnly(60_000)
    await eachOf(people.slice(500, 700), (external_userid, index) =>
      world.act('delete-by-member', { userid: repOf(500 + index), external_userid }, Nothing),
    )
    const chats: string[] = []
    await eachOf(Array.from({ length: 40 }), async (_each, index) => {
      chats.push((await world.act('groups', { name: `群 ${index}`, owner: repOf(index) }, Chat)).chat_id)
    })
    await eachOf(people.slice(700, 840), (id, index) =>
      world.act(`groups/${chats[index % 40]}/join`, { id, scene: 3 }, Nothing),
    )
    await eachOf(chats.slice(0, 20), (chat, index) =>
      world.act(`groups/${chat}/change`, { name: `新名 ${index}` }, Nothing),
    )
    await world.put('callbacks/mode', {})
    await world.drain()

    const { lost, sent, subjects } = await lostAtLast(before)
    expect(sent).toBe(2000)
    expect(lost).toBeGreaterThan(60)
    const told = await knownOf(subjects)
    const theirs = await inWecom()
    // A later callback of the same group shows that one before it was lost; it is repaired then and there.
    const noticed = new Set((await gaps()).map(({ id }) => id))
    const differing = [...subjects].filter((subject) => told.get(subject) !== theirs.get(subject))
    expect(differing.length).toBeGreaterThan(30)

    await world.call(api.members.sync)
    await world.drain()
    const all = await gaps()
    const found = all.filter(({ id }) => !noticed.has(id))
    const about = found.map(
      ({ subject: { chatId, userid, externalUserId } }) => chatId ?? `${userid} ${externalUserId}`,
    )
    // Each difference was found, and nothing else: what was read after its lost callback agrees already.
    expect(about.toSorted()).toEqual(differing.toSorted())
    expect(found.filter(({ state }) => state !== 'repaired')).toEqual([])
    const status = await world.call(api.sync.status)
    expect(status).toMatchObject({ lastDay: all.length, suspected: 0 })

    expect(await knownOf(subjects)).toEqual(new Map([...subjects].map((subject) => [subject, theirs.get(subject)])))
    for (const userid of reps) {
      const ids = [...theirs.keys()].filter((subject) => subject.startsWith(`${userid} `))
      expect((await heldBy(userid)).map((id) => `${userid} ${id}`).toSorted()).toEqual(ids.toSorted())
    }

    await world.call(api.members.sync)
    expect((await gaps()).length).toBe(all.length)
  })
})
