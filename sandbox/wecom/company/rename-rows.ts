import type { Table } from '../store/table.ts'
import type { World } from '../world.ts'
import { appOf } from './agent.ts'

/** A member's new userid in whatever waits for him, counts him or names him besides contacts, groups, contact ways and tasks. */
export function renameInRows({ store }: World, from: string, to: string): void {
  const id = (one: string): string => (one === from ? to : one)
  const ids = (list: string[]): string[] => list.map(id)
  const range = <T extends { user_list: string[] }>(one: T): T => ({ ...one, user_list: ids(one.user_list) })
  rewrite(store.mass, (row) => ({ ...row, senders: ids(row.senders) }))
  rewrite(store.transfers, (row) => ({
    ...row,
    handover_userid: id(row.handover_userid),
    takeover_userid: id(row.takeover_userid),
  }))
  rewrite(store.moments, (row) => ({
    ...row,
    senders: ids(row.senders),
    ...(row.creator === undefined ? {} : { creator: id(row.creator) }),
  }))
  rewrite(
    store.publications,
    (row) => ({ ...row, userid: id(row.userid) }),
    (row) => `${row.moment_id}\n${row.userid}`,
  )
  rewrite(store.links, ({ priority_option: priority, ...row }) => ({
    ...row,
    range: range(row.range),
    ...(priority === undefined
      ? {}
      : { priority_option: { ...priority, priority_userid_list: ids(priority.priority_userid_list) } }),
  }))
  rewrite(
    store.linkCustomers,
    (row) => ({ ...row, userid: id(row.userid) }),
    (row) => `${row.link_id}\n${row.external_userid}\n${row.userid}`,
  )
  rewrite(store.chatKeys, (row) => ({ ...row, userid: id(row.userid) }))
  rewrite(store.interceptRules, (row) => ({ ...row, applicable_range: range(row.applicable_range) }))
  rewrite(store.strategies, (row) => ({
    ...row,
    admin_list: ids(row.admin_list),
    range: row.range.map((one) => (one.userid === undefined ? one : { ...one, userid: id(one.userid) })),
  }))
  rewrite(store.kfAccounts, (row) => ({ ...row, servicers: ids(row.servicers) }))
  rewrite(store.kfSessions, (row) =>
    row.servicer_userid === undefined ? row : { ...row, servicer_userid: id(row.servicer_userid) },
  )
  for (const [key, count] of [...store.daily.entries()]) {
    if (!key.endsWith(`|${from}`)) continue
    store.daily.delete(key)
    store.daily.set(`${key.slice(0, -from.length)}${to}`, count)
  }
}

/** The app's visible range names members too. */
export function renameInRange(world: World, from: string, to: string): void {
  const app = appOf(world)
  if (!app.range?.users.includes(from)) return
  const users = app.range.users.map((one) => (one === from ? to : one))
  world.store.app.set('app', { ...app, range: { ...app.range, users } })
}

/** Changes the rows that differ afterwards; `keyOf` when the key names the member too. */
function rewrite<T>(table: Table<T>, change: (row: T) => T, keyOf?: (row: T) => string): void {
  for (const [key, row] of [...table.entries()]) {
    const changed = change(row)
    if (JSON.stringify(changed) === JSON.stringify(row)) continue
    const next = keyOf?.(changed) ?? key
    if (next !== key) table.delete(key)
    table.set(next, changed)
  }
}
