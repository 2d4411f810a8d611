import { because } from '@zhiyin/shared/because'
import type { Fact } from '@zhiyin/shared/fact'
import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'
import type { CustomerView } from '../../server/profile/view.ts'
import type { MovableClock } from './clock.ts'
import type { Platform } from './platform.ts'
import { buildView, type sendingRooms } from './sending.ts'

const day = 86_400_000
const added = 'change_external_contact.add_external_contact' as const
/** What was spent longer ago says nothing of the tier. */
const spendingMs = 90 * day

/** Numbers between 0 and 1, the same ones for the same seed (mulberry32). */
export const randomOf = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Rooms = ReturnType<typeof sendingRooms>
type Deps = { rooms: Rooms; platform: Platform; clock: MovableClock; random: () => number }
type Told = { [T in Fact['type']]: { type: T; payload: Extract<Fact, { type: T }>['payload'] } }[Fact['type']]

const tierOf = (spend: number): Tier => (spend >= 80_000 ? 'A' : spend >= 30_000 ? 'B' : 'C')
const stageOf = ({ lastSeenAt, orders }: CustomerView, now: Date): Stage => {
  const silent = now.getTime() - (lastSeenAt?.getTime() ?? 0)
  if (silent >= 75 * day) return 'lost'
  if (silent >= 25 * day) return 'silent'
  return orders > 1 ? 'active' : 'new'
}

/**
 * Customers who live: they order, answer, open links, fall silent, delete their rep and come back, withdraw their consent. What the profile
 * would find out of that is worked out here, more simply, and told to the rules as facts; times are the clock's.
 */
export const createLives = ({ rooms, platform, clock, random }: Deps) => {
  /** When somebody withdrew, by id in WeCom. */
  const withdrawn = new Map<string, number>()
  const spending = new Map<string, { at: number; amount: number }[]>()
  const chance = (share: number): boolean => random() < share
  let count = 0

  const tell = (customerId: string, told: Told): void => {
    const id = `life:${(count += 1)}`
    rooms.facts.set(id, { id, customerId, at: clock.date(), source: 'ingest', ...told })
  }
  const change = (id: string, over: Partial<CustomerView>): CustomerView => {
    const view = { ...(rooms.customers.get(id) ?? buildView({ id })), ...over }
    rooms.customers.set(id, view)
    return view
  }

  /** Stage, tier and segment as they are now; what has changed is told. */
  const find = (id: string): void => {
    const view = rooms.customers.get(id)
    if (view === undefined) return
    const now = clock.date()
    const stage = stageOf(view, now)
    const from = view.stage.stage
    if (stage !== from) {
      change(id, { stage: { stage, since: now, because: [] } })
      tell(id, { type: 'stage.entered', payload: { from, to: stage, because: [] } })
    }
    const lately = (spending.get(id) ?? []).filter(({ at }) => at > now.getTime() - spendingMs)
    spending.set(id, lately)
    const tier = tierOf(lately.reduce((sum, { amount }) => sum + amount, 0))
    if (tier !== view.tier.tier) {
      change(id, { tier: { tier, since: now } })
      tell(id, { type: 'tier.changed', payload: { from: view.tier.tier, to: tier, because: [] } })
    }
    const often = view.orders >= 3 && stage === 'active'
    if (often !== view.segments.length > 0) {
      change(id, { segments: often ? [{ id: 'often', since: now }] : [] })
      tell(id, { type: often ? 'segment.entered' : 'segment.left', payload: { segmentId: 'often', segment: '常客' } })
    }
  }

  const order = (id: string): void => {
    const view = rooms.customers.get(id)
    if (view === undefined) return
    const amount = 5_000 + Math.floor(random() * 40_000)
    const now = clock.date()
    spending.set(id, [...(spending.get(id) ?? []), { at: now.getTime(), amount }])
    change(id, { orders: view.orders + 1, spend: view.spend + amount, lastOrderAt: now, lastSeenAt: now })
    const products = [{ name: '精华', category: '护肤' }]
    tell(id, { type: 'order.completed', payload: { orderId: `o${count}`, amount, currency: 'CNY', products } })
  }

  const withdraw = async (id: string, externalUserId: string): Promise<void> => {
    withdrawn.set(externalUserId, clock.now())
    change(id, { consent: 'withdrawn' })
    tell(id, { type: 'consent.changed', payload: { purpose: 'marketing', state: 'withdrawn', source: 'wecom' } })
    await rooms.outbox.withdraw({ customerId: id }, because('block.consent'))
  }

  const follow = (id: string, state: CustomerView['follows'][number]['state']): void => {
    const others = (rooms.customers.get(id)?.follows ?? []).filter(({ userid }) => userid !== 'wang')
    change(id, { follows: [{ userid: 'wang', state, since: clock.date(), channelId: null }, ...others] })
  }

  const greet = async (id: string, externalUserId: string, welcomeCode: string): Promise<void> => {
    const now = clock.date()
    const [handler] = rooms.rules.handlers[added] ?? []
    await handler?.run({
      id: `add${(count += 1)}`,
      key: `add:${externalUserId}:${now.getTime()}`,
      event: added,
      fields: { userid: 'wang', externalUserId, welcomeCode },
      createTime: now,
      receivedAt: now,
    })
    // The code lives 20 seconds, so its lane does not wait for anybody.
    await rooms.drain()
    tell(id, { type: 'contact.added', payload: { userid: 'wang' } })
  }

  /** A stranger adds wang; some are held by lina too. */
  const arrive = async (id: string): Promise<void> => {
    const { externalUserId, code } = await platform.befriend(id)
    const birthday = new Date(Date.UTC(1990, Math.floor(random() * 12), 1 + Math.floor(random() * 28), -8))
    const attrs = chance(0.3) ? [{ k: 'birthday', v: birthday }] : []
    const now = clock.date()
    const both = chance(0.3)
    if (both) await platform.alsoHeldBy('lina', externalUserId)
    const follows = (both ? ['wang', 'lina'] : ['wang']).map((userid) => ({
      userid,
      state: 'following' as const,
      since: now,
      channelId: null,
    }))
    const stage = { stage: 'new' as const, since: now, because: [] }
    const tier = { tier: 'C' as const, since: now }
    change(id, { id, name: id, externalUserId, orders: 0, spend: 0, lastSeenAt: now, stage, tier, attrs, follows })
    await greet(id, externalUserId, code)
  }

  /** Three days of one customer; `keen`: how much they are about. */
  const live = async (id: string, keen: number): Promise<void> => {
    const view = rooms.customers.get(id)
    if (view?.externalUserId === null || view === undefined) return
    const mine = view.follows.find(({ userid }) => userid === 'wang')
    if (mine?.state !== 'following') {
      if (!chance(0.06)) return
      const { welcome_code: code } = await platform.alsoHeldBy('wang', view.externalUserId)
      follow(id, 'following')
      return greet(id, view.externalUserId, code ?? '')
    }
    if (chance(0.12 * keen)) order(id)
    if (chance(0.15 * keen)) {
      change(id, { lastSeenAt: clock.date() })
      tell(id, { type: 'customer.replied', payload: { via: 'wecom' } })
    }
    if (chance(0.06 * keen)) tell(id, { type: 'link.opened', payload: { linkId: 'l', url: 'https://shop.example/a' } })
    if (chance(0.006)) await platform.usesQuota(view.externalUserId)
    if (view.consent !== 'withdrawn' && chance(0.0022)) await withdraw(id, view.externalUserId)
    else if (chance(0.0022)) {
      await platform.leaves(view.externalUserId)
      follow(id, 'deleted_by_customer')
      tell(id, { type: 'contact.deleted_by_customer', payload: { userid: 'wang' } })
    }
    find(id)
  }

  return { arrive, live, withdrawn }
}
