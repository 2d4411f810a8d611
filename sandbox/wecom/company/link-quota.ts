import type { EventFields } from '../callback/xml.ts'
import type { QuotaRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { DAY_MS, endOfDay } from './days.ts'

const KEY = 'quota'
const LOW = 20
const WARN_DAYS = [14, 7, 3, 2, 1]
/** What a corp has before anybody says otherwise. */
const NEW_BALANCE = 1000
const NEW_DAYS = 365

/** The uses bought and left; a new company has some for a year. */
export function quotaOf(world: World): QuotaRow {
  const row = world.store.linkQuota.get(KEY)
  if (row) return row
  const expire = endOfDay(world.clock.now() + NEW_DAYS * DAY_MS)
  const made = world.store.linkQuota.set(KEY, {
    total: NEW_BALANCE,
    parts: [{ expire, balance: NEW_BALANCE, warned: [] }],
  })
  armQuota(world)
  return made
}

/** Uses that are left and have not expired. */
export function balanceOf(world: World, quota: QuotaRow = quotaOf(world)): number {
  const now = world.clock.now()
  return quota.parts.filter((part) => part.expire > now).reduce((sum, part) => sum + part.balance, 0)
}

/** A use is spent, of what expires first; says so when few or none are left. */
export function spendUse(world: World): void {
  const quota = quotaOf(world)
  const before = balanceOf(world, quota)
  const now = world.clock.now()
  const parts = quota.parts.toSorted((a, b) => a.expire - b.expire)
  const spent = parts.findIndex((part) => part.expire > now && part.balance > 0)
  const changed = parts.map((part, at) => (at === spent ? { ...part, balance: part.balance - 1 } : part))
  world.store.linkQuota.set(KEY, { ...quota, parts: changed })
  if (before === LOW) tell(world, 'balance_low')
  if (before === 1) tell(world, 'balance_exhausted')
}

/** An admin buys uses: they replace what there was. `expires`: epoch ms. */
export function setQuota(world: World, parts: { balance: number; expires: number }[]): QuotaRow {
  const before = balanceOf(world)
  const quota = {
    total: parts.reduce((sum, part) => sum + part.balance, 0),
    parts: parts.map((part) => ({ balance: part.balance, expire: part.expires, warned: [] })),
  }
  world.store.linkQuota.set(KEY, quota)
  if (before === 0 && balanceOf(world) > 0) tell(world, 'balance_increased')
  armQuota(world)
  return quota
}

/** Says 14, 7, 3, 2 and 1 days before that uses expire; after a restart too. */
export function armQuota(world: World): void {
  for (const { expire, warned } of world.store.linkQuota.get(KEY)?.parts ?? []) {
    for (const days of WARN_DAYS) {
      const due = expire - days * DAY_MS
      if (due > world.clock.now() && !warned.includes(days)) world.clock.at(due, () => warn(world, expire, days))
    }
  }
}

function warn(world: World, expire: number, days: number): void {
  const quota = quotaOf(world)
  const part = quota.parts.find((one) => one.expire === expire)
  if (!part || part.balance === 0 || part.warned.includes(days)) return
  const parts = quota.parts.map((one) => (one === part ? { ...one, warned: [...one.warned, days] } : one))
  world.store.linkQuota.set(KEY, { ...quota, parts })
  tell(world, 'quota_expire_soon', { ExpireTime: Math.floor(expire / 1000), ExpireQuotaNum: part.balance })
}

function tell(world: World, ChangeType: string, fields: EventFields = {}): void {
  world.callbacks.emit({ Event: 'customer_acquisition', ChangeType, ...fields })
}
