import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { messageOf, type Deed } from './deed.ts'
import type { Person } from './people.ts'
import { knownOf, timeAt, type Scene } from './scene.ts'
import { Nothing } from './wecom.ts'

const Made = z.object({ external_userid: z.string() })
const Received = z.array(z.unknown())
/** A welcome code is over after 20 s: time must not move on before. */
const greetedWithinMs = 15_000

const untilGreeted = async ({ wecom }: Scene, external: string): Promise<void> => {
  const until = Date.now() + greetedWithinMs
  while (Date.now() < until) {
    if ((await wecom.look(`ledger?to=${external}&via=welcome`, Received)).length > 0) return
    await sleep(15)
  }
}

const traitsOf = (person: Person, external: string): Readonly<Record<string, string>> => ({
  external_userid: external,
  name: person.name,
  city: person.city,
  ...(person.index % 3 === 2 ? {} : { phone: person.phone, birthday: person.birthday }),
  肤质: person.skin,
})

/** Somebody scans a channel's code and becomes a contact; then the shop tells who they are and what it knew of them before. */
export const come = async (scene: Scene, person: Person, earlier: readonly Deed[]): Promise<void> => {
  const { wecom, product, book, company } = scene
  if (knownOf(scene, person)?.joined === true) return
  const external =
    knownOf(scene, person)?.external ??
    (await wecom.act('customers', { name: person.name, gender: person.gender }, Made)).external_userid
  book.pages.people[person.account] = { external, joined: false, deleted: false, grouped: false }
  book.save()
  const state = company.channels[person.channel]?.state
  await wecom.act('scan', { state, external_userid: external, userid: person.rep }, Nothing)
  await untilGreeted(scene, external)
  const known = earlier.flatMap(
    (deed) => messageOf(deed, person.account, new Date(timeAt(scene, deed.at)).toISOString()) ?? [],
  )
  const identify = { type: 'identify', messageId: `${person.account}-is`, userId: person.account }
  await product.ingest([{ ...identify, traits: traitsOf(person, external) }, ...known])
  book.pages.people[person.account] = { external, joined: true, deleted: false, grouped: false }
  book.pages.orders += earlier.filter(({ kind }) => kind === 'order').length
  book.save()
}
