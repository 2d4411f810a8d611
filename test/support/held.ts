import { api } from '@zhiyin/shared/api'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import type { Company } from './company.ts'
import type { Reach } from './world.ts'

export type Person = { readonly id: string; readonly externalUserId: string }

/** Customers a rep has had since a moment (default: now), known to the product by the sync. */
export const heldBy = async (
  world: Reach,
  { profile }: Company,
  userid: string,
  count: number,
  since?: number,
): Promise<Person[]> => {
  const body = { userid, count, ...(since === undefined ? {} : { since }) }
  const { external_userids } = await world.wecom(admin.customers.hold, { body })
  await world.call(api.members.sync)
  await world.drain()
  return Promise.all(
    external_userids.map(async (externalUserId) => ({ externalUserId, id: (await profile(externalUserId)).id })),
  )
}

/** A rep presses send on everything that waits in their 群发助手; answers the messages. */
export const confirmAll = async (world: Reach, userid: string): Promise<string[]> => {
  const waiting = (await world.tasks(userid)).filter(({ status }) => status === 'waiting')
  for (const { msgid } of waiting) await world.wecom(admin.customers.confirm, { params: { msgid }, body: { userid } })
  return waiting.map(({ text }) => text)
}

/** The mass messages each of them has received, oldest first. */
export const massesOf = async (world: Reach, people: readonly Person[]): Promise<string[][]> => {
  const all = await world.ledger({ via: 'mass' })
  return people.map(({ externalUserId }) => all.flatMap(({ to, text }) => (to.id === externalUserId ? [text] : [])))
}
