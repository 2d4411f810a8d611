import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { identity, keysOf } from '../identity.ts'
import { planIdentities, type Owner, type Plan } from './plan.ts'
import { pairOf } from './sides.ts'

/** What the database would hold after some plans. */
const book = () => {
  const owners = new Map<string, Owner>()
  const apart = new Set<string>()
  let serial = 0
  const ask = (...groups: readonly (readonly string[])[]): Plan => {
    const keysOfCustomer = new Map<string, Set<string>>()
    for (const [key, { customerId }] of owners)
      keysOfCustomer.set(customerId, new Set([...(keysOfCustomer.get(customerId) ?? []), key]))
    const plan = planIdentities(groups, { owners, keysOf: keysOfCustomer, apart }, () => `cus_${1000 + ++serial}`)
    for (const { into, from } of plan.merges)
      for (const [key, { customerId, of }] of owners)
        if (customerId === from) owners.set(key, { customerId: into, of: of ?? from })
    for (const [id, keys] of plan.created) for (const key of keys) owners.set(key, { customerId: id })
    for (const [key, owner] of plan.linked) owners.set(key, owner)
    return plan
  }
  const who = (...keys: string[]): string => ask(keys).owners[0]?.customerId ?? ''
  return { ask, who, owners, apart }
}

const [device, shop, wecom, phone] = ['anonymous_id:d', 'user_id:x', 'external_userid:wm', 'phone:+86138'] as const

describe('planIdentities', () => {
  it('makes a guest who logs in one with the customer who has the account', () => {
    const { ask, who } = book()
    const guest = who(device)
    const known = who(shop)
    const plan = ask([shop, device])
    expect(plan.merges).toEqual([{ into: known, from: guest, keys: [shop, device] }])
    expect(plan.owners).toEqual([{ customerId: known }])
    expect(ask([device]).owners).toEqual([{ customerId: known, of: guest }])
  })

  it('lets an account join a guest who has none, and keeps a second account on the device apart', () => {
    const { ask, who } = book()
    const guest = who(device)
    expect(who(shop, device)).toBe(guest)
    const plan = ask(['user_id:y', device])
    expect(plan.owners).not.toEqual([{ customerId: guest }])
    expect(plan.doubts).toEqual([])
  })

  it('makes shop and WeCom one by the phone both state; WeCom’s customer stays', () => {
    const { ask, who } = book()
    const buyer = who(shop, phone)
    const contact = who(wecom)
    expect(ask([wecom, phone]).merges).toEqual([{ into: contact, from: buyer, keys: [wecom, phone] }])
    expect(ask([phone]).owners).toEqual([{ customerId: contact, of: buyer }])
    expect(ask([shop, 'email:a@b.cn']).linked).toEqual(new Map([['email:a@b.cn', { customerId: contact, of: buyer }]]))
  })

  it('never makes two of one who have accounts of one kind: a person has to look', () => {
    const { ask, who } = book()
    const first = who('external_userid:wm1', phone)
    const plan = ask(['external_userid:wm2', phone])
    const second = plan.owners[0]?.customerId
    expect(plan.merges).toEqual([])
    expect(plan.doubts).toEqual([{ customerIds: [first, second], keys: [phone] }])
  })

  it('gives an unknown account beside a known one of its kind a customer of its own', () => {
    const { ask, who } = book()
    const first = who('unionid:u', shop)
    const plan = ask(['unionid:u', 'user_id:y'])
    expect(plan.owners).toEqual([{ customerId: first }])
    expect([...plan.created.values()]).toEqual([['user_id:y']])
    expect(plan.doubts).toMatchObject([{ keys: ['user_id:y'] }])
  })

  it('tells openids of two apps from two of one app', () => {
    const { who } = book()
    const one = who('openid:wx1:o1', shop)
    expect(who('openid:wx2:o9', shop)).toBe(one)
    expect(who('openid:wx1:o1', 'user_id:z')).toBe(one)
    expect(who('openid:wx1:o2')).not.toBe(one)
  })

  it('leaves those apart of whom somebody said so', () => {
    const { ask, who, apart } = book()
    const [a, b] = [who(shop), who(wecom, phone)]
    apart.add(pairOf(a, b))
    expect(ask([shop, phone])).toMatchObject({ merges: [], doubts: [], owners: [{ customerId: a }] })
  })

  it('takes a batch as it takes its messages one by one', () => {
    const { ask } = book()
    const plan = ask([device], [shop], [shop, device], [device])
    const [id] = [...plan.created.keys()]
    expect(plan.owners).toEqual(Array.from({ length: 4 }, () => ({ customerId: id })))
    expect(plan.merges).toEqual([])
  })

  it('finds the same people in any order and any cut into batches, where nothing contradicts', () => {
    const kinds = ['external_userid', 'unionid', 'openid:app', 'user_id', 'crm_id', 'phone', 'email', 'anonymous_id']
    const own = (person: number): string[] =>
      kinds.flatMap((kind) =>
        (kind === 'phone' || kind === 'anonymous_id' ? [1, 2] : [1]).map((n) => `${kind}:${person}-${n}`),
      )
    const message = fc
      .integer({ min: 1, max: 4 })
      .chain((person) => fc.subarray(own(person), { minLength: 1, maxLength: 3 }))
    const told = fc
      .array(message, { maxLength: 25 })
      .chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.nat(5)))
    const people = (list: readonly string[][], perBatch: number): string[][] => {
      const { ask, owners } = book()
      for (let from = 0; from < list.length; from += perBatch) ask(...list.slice(from, from + perBatch))
      const sets = new Map<string, string[]>()
      for (const [key, { customerId }] of owners) sets.set(customerId, [...(sets.get(customerId) ?? []), key])
      return [...sets.values()].map((keys) => keys.sort()).sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1))
    }
    fc.assert(
      fc.property(told, ([list, shuffled, cut]) => {
        expect(people(shuffled, cut + 1)).toEqual(people(list, 1))
      }),
      { numRuns: 300 },
    )
  })
})

describe('identity', () => {
  it('takes openids with their app only, and nothing that stands for nobody', () => {
    expect(identity('openid', 'wx1:o1')).toEqual({ kind: 'openid', value: 'wx1:o1' })
    expect(identity('openid', 'o1')).toBeNull()
    for (const value of ['null', 'undefined', '0', '00000000-0000-0000-0000-000000000000', '[object Object]'])
      expect(identity('anonymous_id', value)).toBeNull()
    expect(
      keysOf([
        { kind: 'crm_id', value: '7' },
        { kind: 'unionid', value: 'u' },
      ]),
    ).toEqual(['unionid:u', 'crm_id:7'])
  })
})
