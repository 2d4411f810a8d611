import { api } from '@zhiyin/shared/api'
import type { Known } from './book.ts'
import { messageOf, type Deed } from './deed.ts'
import type { Person } from './people.ts'
import { customerIdOf, knownOf, timeAt, type Scene } from './scene.ts'
import { Nothing } from './wecom.ts'

/** Steady customers are asked into the first group, the others into the second. */
const groupFor = ({ company }: Scene, person: Person): string | undefined =>
  company.groups.find(({ tier }) => (tier === 'A') === (person.kind === 'vip' || person.kind === 'loyal'))?.chatId

const inWecom = async (scene: Scene, person: Person, deed: Deed, known: Known): Promise<void> => {
  const { wecom, product, company } = scene
  const { external } = known
  const pair = { userid: person.rep, external_userid: external }
  const asRep = async () => product.as(person.rep, await wecom.now())
  const params = async () => ({ id: await customerIdOf(scene, person) })
  switch (deed.kind) {
    case 'talk': {
      await wecom.act('say', { ...pair, from: 'customer', text: deed.exchange.said }, Nothing)
      await wecom.act('say', { ...pair, from: 'member', text: deed.exchange.answered }, Nothing)
      await (
        await asRep()
      )(api.customers.replied, { params: await params(), body: { key: deed.id } })
      return
    }
    case 'join_group':
      if (known.grouped) return
      await wecom.act(`groups/${groupFor(scene, person) ?? ''}/join`, { id: external, scene: 3 }, Nothing)
      known.grouped = true
      return
    case 'delete_rep':
      await wecom.act('delete-by-customer', pair, Nothing)
      known.deleted = true
      return
    case 'withdraw': {
      const body = { marketing: 'withdrawn', note: '客户说消息太多，暂时不想收到活动通知' } as const
      await (
        await asRep()
      )(api.customers.setConsent, { params: await params(), body })
      return
    }
    case 'tag': {
      const tagId = company.tags[deed.tag] ?? ''
      await (
        await asRep()
      )(api.customers.addTag, { params: await params(), body: { tagId } })
      return
    }
    case 'note':
      await (
        await asRep()
      )(api.customers.writeNote, { params: await params(), body: { key: deed.id, text: deed.text } })
      return
    case 'remark':
      await wecom.act('remark', { ...pair, remark: deed.text }, Nothing)
      return
    case 'order':
    case 'refund':
    case 'browse':
      return
  }
}

/** Does what some people did: what the shop saw goes in as one batch, what happened in WeCom one by one. Doing it twice is harmless. */
export const perform = async (
  scene: Scene,
  deeds: readonly Deed[],
  personOf: (deed: Deed) => Person | undefined,
): Promise<void> => {
  const there = deeds.flatMap((deed) => {
    const person = personOf(deed)
    const known = person && knownOf(scene, person)
    return person !== undefined && known?.joined === true ? [{ deed, person, known }] : []
  })
  const messages = there.flatMap(
    ({ deed, person }) => messageOf(deed, person.account, new Date(timeAt(scene, deed.at)).toISOString()) ?? [],
  )
  if (messages.length > 0) await scene.attempt('ingest', () => scene.product.ingest(messages))
  scene.book.pages.orders += there.filter(({ deed }) => deed.kind === 'order').length
  for (const { deed, person, known } of there)
    if (!known.deleted) await scene.attempt(`${deed.kind} ${deed.id}`, () => inWecom(scene, person, deed, known))
}
