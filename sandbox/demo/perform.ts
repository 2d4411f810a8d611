import { setTimeout as sleep } from 'node:timers/promises'
import { api } from '@zhiyin/shared/api'
import { admin } from '../wecom/admin/api.ts'
import type { Deed } from '../population/deed.ts'
import type { Person } from '../population/person.ts'
import { identityOf, messageOf } from './message.ts'
import { customerIdOf, inParallel, knownOf, type Scene } from './scene.ts'

/** A welcome code is over after 20 s: time must not move on before. */
const greetedWithinMs = 15_000
const atOnce = 8

/** Waits until a newcomer has their welcome message. */
export const untilGreeted = async ({ wecom }: Pick<Scene, 'wecom'>, external: string): Promise<void> => {
  const until = Date.now() + greetedWithinMs
  while (Date.now() < until) {
    const { count } = await wecom.call(admin.watch.countLedger, { query: { to: external, via: 'welcome' } })
    if (count > 0) return
    await sleep(20)
  }
}

/** Somebody scans a channel's code and becomes a contact. */
const come = async ({ wecom, cast, company }: Scene, person: Person): Promise<void> => {
  const external =
    cast.get(person.index)?.external ??
    (await wecom.call(admin.customers.create, { body: { name: person.name, gender: person.gender } })).external_userid
  cast.set(person.index, { external, joined: false, deleted: false, grouped: false })
  const state = company.channels[person.channel]?.state
  await wecom.call(admin.customers.scan, { body: { state, external_userid: external, userid: person.rep } })
}

const inWecom = async (scene: Scene, person: Person, deed: Deed): Promise<void> => {
  const { wecom, product, company, cast } = scene
  const known = knownOf(scene, person)
  if (known.deleted) return
  const pair = { userid: person.rep, external_userid: known.external }
  const asRep = async () => product.as(person.rep, await wecom.now())
  const params = async () => ({ id: await customerIdOf(scene, person) })
  switch (deed.kind) {
    case 'talk': {
      await wecom.call(admin.customers.say, { body: { ...pair, from: 'customer', text: deed.exchange.said } })
      await wecom.call(admin.customers.say, { body: { ...pair, from: 'member', text: deed.exchange.answered } })
      const call = await asRep()
      await call(api.customers.replied, { params: await params(), body: { key: deed.id } })
      return
    }
    case 'join_group': {
      if (known.grouped) return
      const chat_id = company.groups[person.group] ?? ''
      await wecom.call(admin.groups.join, { params: { chat_id }, body: { id: known.external, scene: 3 } })
      cast.set(person.index, { ...known, grouped: true })
      return
    }
    case 'delete_rep':
      await wecom.call(admin.customers.deleteByCustomer, { body: pair })
      cast.set(person.index, { ...known, deleted: true })
      return
    case 'withdraw': {
      const body = { state: 'withdrawn', proof: { text: '客户说消息太多，暂时不想收到活动通知' } } as const
      const call = await asRep()
      await call(api.customers.setConsent, { params: await params(), body })
      return
    }
    case 'tag': {
      const call = await asRep()
      await call(api.customers.addTag, { params: await params(), body: { tagId: company.tags[deed.tag] ?? '' } })
      return
    }
    case 'note': {
      const call = await asRep()
      await call(api.customers.writeNote, { params: await params(), body: { key: deed.id, text: deed.text } })
      return
    }
    case 'remark':
      await wecom.call(admin.customers.remark, { body: { ...pair, remark: deed.text } })
      return
    case 'join':
    case 'order':
    case 'refund':
    case 'browse':
      return
  }
}

/** Done without a rep; the rest is between customer and rep in WeCom. */
export const ofShop: ReadonlySet<Deed['kind']> = new Set(['join', 'order', 'refund', 'browse'])

/**
 * Does what some people did, `timeOf` says when (epoch ms). First those who come scan a code; then all that the shop saw goes in as one
 * batch; then what happened in WeCom, everybody's own deeds one after another. Doing it twice is harmless.
 */
export const perform = async (
  scene: Scene,
  deeds: readonly Deed[],
  timeOf: (deed: Deed) => number,
  personOf: (deed: Deed) => Person = (deed) => scene.population.person(deed.person),
): Promise<void> => {
  const { cast, product, book } = scene
  const acts = deeds.map((deed) => ({ deed, person: personOf(deed) }))
  const newcomers = acts.filter(({ deed, person }) => deed.kind === 'join' && cast.get(person.index)?.joined !== true)
  await inParallel(newcomers, atOnce, ({ person }) => come(scene, person))

  const coming = new Set(newcomers.map(({ person }) => person.index))
  const there = acts.filter(({ person }) => coming.has(person.index) || cast.get(person.index)?.joined === true)
  const identities = newcomers.map(({ person }) => identityOf(person, knownOf(scene, person).external))
  const seen = there.flatMap(({ deed, person }) => {
    const message = messageOf(deed, person.account, new Date(timeOf(deed)).toISOString())
    return message === null ? [] : [message]
  })
  if (identities.length + seen.length > 0) await product.ingest([...identities, ...seen])
  for (const { person } of newcomers) cast.set(person.index, { ...knownOf(scene, person), joined: true })
  book.pages.orders += there.filter(({ deed }) => deed.kind === 'order').length
  book.pages.deeds += there.length

  const byPerson = new Map<number, typeof there>()
  for (const act of there.filter(({ deed }) => !ofShop.has(deed.kind)))
    byPerson.set(act.person.index, [...(byPerson.get(act.person.index) ?? []), act])
  await inParallel([...byPerson.values()], atOnce, async (own) => {
    for (const { deed, person } of own)
      await scene.attempt(`${deed.kind} ${deed.id}`, () => inWecom(scene, person, deed))
  })
}
