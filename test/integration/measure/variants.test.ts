import { expect, it } from 'vitest'
import type { NewFact } from '@zhiyin/shared/fact'
import { createVariants } from '../../../server/measure/variants.ts'
import { useBroadcasts } from '../broadcasts/room.ts'
import { day } from '../mass/rooms.ts'

const setUp = useBroadcasts()

it('keeps with each send which variant of its content it was, and tells what became of each', async () => {
  const { platform, customer, customers, create, build, later, sends, clock, facts, contentId } = await setUp()
  for (const id of ['a1', 'a2', 'b1', 'b2', 'b3', 'b4']) {
    await customer(id)
    const view = customers.get(id)
    if (view !== undefined) customers.set(id, { ...view, tier: { ...view.tier, tier: id.startsWith('a') ? 'A' : 'B' } })
  }
  const withdrawn = customers.get('b4')
  if (withdrawn !== undefined) customers.set('b4', { ...withdrawn, consent: 'withdrawn' })
  const { _id } = await create()
  await build()
  const wanted = (await sends.list({ scope: null, broadcastId: _id, limit: 10 })).items
  expect(
    Object.fromEntries(wanted.map(({ customerId, contentId: of, variant }) => [customerId, [of, variant]])),
  ).toEqual({
    ...{ a1: [contentId, 'A'], a2: [contentId, 'A'] },
    ...{ b1: [contentId, 'default'], b2: [contentId, 'default'], b3: [contentId, 'default'] },
    b4: [contentId, 'default'],
  })
  for (const { msgid } of await platform.masses()) await platform.confirm(msgid)
  await later(60_000)
  const bought = new Map<string, { at: Date; net: number }[]>()
  const results = createVariants({
    clock,
    tally: sends.tallyOfContent,
    arrived: sends.arrivedOf,
    boughtOf: async (ids) => new Map(ids.flatMap((id) => (bought.has(id) ? [[id, bought.get(id) ?? []]] : []))),
    factsSince: async (ids, types, from) =>
      [...facts.values()]
        .filter(({ customerId, type, at }) => ids.includes(customerId) && types.includes(type) && at >= from)
        .map((fact) => ({ ...fact, seenAt: fact.at })),
  })
  expect(await results(contentId)).toMatchObject([
    { variant: 'default', sends: 4, held: 1, arrived: 3, customers: 0, open: 3, bought: { met: 0, rate: null } },
    { variant: 'A', sends: 2, held: 0, arrived: 2, customers: 0, open: 2 },
  ])
  const tell = (fact: Pick<NewFact, 'id' | 'customerId'> & { at: Date; intentId?: string }): void => {
    const { id, customerId, at, intentId } = fact
    const base = { id, customerId, at, source: 'system' as const }
    const opened = { linkId: 'l', url: 'https://a.example/', ...(intentId === undefined ? {} : { intentId }) }
    facts.set(
      id,
      intentId === undefined
        ? { ...base, type: 'customer.replied', payload: { via: 'ingest' } }
        : { ...base, type: 'link.opened', payload: opened },
    )
  }
  const idOf = (of: string): string => wanted.find(({ customerId }) => customerId === of)?.id ?? ''
  const soon = new Date(clock.now() + day)
  tell({ id: 'f1', customerId: 'a1', at: soon, intentId: idOf('a1') })
  // The link of another message, and a word that came too late.
  tell({ id: 'f2', customerId: 'b1', at: soon, intentId: 'int_other' })
  tell({ id: 'f3', customerId: 'b1', at: new Date(clock.now() + 8 * day) })
  tell({ id: 'f4', customerId: 'b2', at: soon })
  bought.set('a2', [{ at: soon, net: 100 }])
  bought.set('b3', [{ at: new Date(clock.now() - day), net: 100 }])
  await later(8 * day)
  const [plain, best] = await results(contentId)
  expect(plain).toMatchObject({ customers: 3, open: 0, opened: { met: 0 }, replied: { met: 1 }, bought: { met: 0 } })
  expect(best).toMatchObject({ customers: 2, opened: { met: 1 }, replied: { met: 0 }, bought: { met: 1 } })
  expect(best?.bought.rate?.at).toBe(0.5)
  expect(best?.bought.rate?.within.low).toBeGreaterThan(0.05)
  expect(plain?.bought.rate?.within.high).toBeLessThan(0.6)
})
