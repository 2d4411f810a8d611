import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ContactChange } from '@zhiyin/shared/contact'
import type { Role } from '@zhiyin/shared/api/endpoint'
import { createAudit } from '../../../server/audit/audit.ts'
import { editContact, type EditContact } from '../../../server/commands/edit-contact.ts'
import type { SignedIn } from '../../../server/platform/actor.ts'
import type { Wecom } from '../../../server/wecom/types.ts'
import { customerEngine } from '../../support/customers.ts'
import { useMongo } from '../../support/mongo.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const world = useWecom()
const remarkPath = '/cgi-bin/externalcontact/remark'
let wecom: Wecom
let engine: ReturnType<typeof customerEngine>
let edit: EditContact
let customer = ''
let customerId = ''

const person = (userid: string, role: Role): SignedIn => ({
  kind: 'member',
  userid,
  name: userid,
  role,
  scope: role === 'rep' ? [userid] : null,
})
const lina = person('lina', 'rep')

beforeAll(async () => {
  wecom = world.adapter()
  engine = customerEngine(mongo.get(), world.clock, { getCustomer: wecom.read.getCustomer })
  const audit = createAudit({ mongo: mongo.get(), clock: world.clock, newId: engine.newId })
  await mongo.indexes()
  edit = editContact({
    read: engine.read,
    clock: world.clock,
    audit,
    contactTypeOf: engine.read.contactTypeOf,
    remark: wecom.setup.remark,
    noteContact: engine.profile.noteContact,
    fetchContact: engine.profile.fetchContact,
  })
})
const Made = z.object({ external_userid: z.string() })
const fetched = async () => {
  const at = world.clock.date()
  const detail = await wecom.read.getCustomer(customer)
  if (detail === null) throw new Error('nobody holds the customer')
  return { detail, at }
}
const learn = async (): Promise<void> => {
  const { detail, at } = await fetched()
  customerId = await engine.told(detail, at)
  await engine.drain()
}
beforeEach(async () => {
  customer = Made.parse(await world.act('customers', { name: '陈静' })).external_userid
  await world.act('add', { userid: 'lina', external_userid: customer })
  await learn()
  world.clock.advance(1000)
})
const kept = async () => (await engine.read.whole(customerId))?.contact?.follows
const inWecom = async () => (await wecom.read.getCustomer(customer))?.follows

describe('editing what a rep notes of a customer', () => {
  it('writes it to WeCom and here with the same call, and leaves an audit entry without the words', async () => {
    const change = {
      userid: 'lina',
      remark: '静姐',
      description: '喜欢绿茶',
      company: '青山',
      mobiles: ['138 0013 8000'],
    }
    await edit(lina, customerId, ContactChange.parse(change))
    expect(await inWecom()).toMatchObject([{ ...change, mobiles: ['138 0013 8000'] }])
    expect(await kept()).toMatchObject([{ ...change, mobiles: ['138 0013 8000'] }])
    const doc = await engine.read.whole(customerId)
    expect(doc).toMatchObject({ phones: ['13800138000'], search: ['陈静', '静姐'] })
    world.clock.advance(1000)
    await edit(lina, customerId, { userid: 'lina', remark: '', mobiles: [] })
    expect((await kept())?.[0]).toMatchObject({ description: '喜欢绿茶', mobiles: [] })
    expect((await kept())?.[0]?.remark).toBeUndefined()
    expect((await inWecom())?.[0]?.mobiles).toEqual([])
    const entries = await mongo
      .get()
      .connection.collection('audit')
      .find({ subject: `customer:${customerId}` })
      .sort({ at: 1 })
      .toArray()
    expect(entries).toMatchObject([
      { by: 'lina', act: 'customer.contact_edited', detail: { userid: 'lina' } },
      { detail: { userid: 'lina', fields: ['remark', 'mobiles'] } },
    ])
    expect(JSON.stringify(entries)).not.toContain('静姐')
  })

  it('settles by time: an older fetch that comes later changes nothing, a later one wins', async () => {
    const old = await fetched()
    world.clock.advance(1000)
    await edit(lina, customerId, { userid: 'lina', remark: '静姐' })
    await engine.told(old.detail, old.at)
    expect((await kept())?.[0]?.remark).toBe('静姐')
    world.clock.advance(1000)
    await wecom.setup.remark({ userid: 'lina', externalUserId: customer }, { remark: '在企业微信里改的' })
    const later = await fetched()
    await engine.told(later.detail, later.at)
    expect((await kept())?.[0]?.remark).toBe('在企业微信里改的')
  })

  it('a later fetch that was kept during the call is not overwritten', async () => {
    await edit(lina, customerId, { userid: 'lina', remark: '先' })
    const note = engine.profile.noteContact
    expect(await note(customerId, 'lina', { remark: '旧' }, new Date(world.clock.now() - 5000))).toBe('late')
    expect((await kept())?.[0]?.remark).toBe('先')
    expect(await note(customerId, 'nobody', { remark: 'x' }, world.clock.date())).toBe('unknown')
  })

  it('lets a rep change their own notes only, a manager those of any rep', async () => {
    await expect(edit(lina, customerId, { userid: 'wangwei', remark: 'x' })).rejects.toMatchObject({
      code: 'policy.forbidden',
    })
    await expect(edit(person('wangwei', 'rep'), customerId, { userid: 'wangwei', remark: 'x' })).rejects.toMatchObject({
      code: 'policy.not_your_customer',
    })
    await edit(person('boss', 'admin'), customerId, { userid: 'lina', remark: '主管改的' })
    expect((await kept())?.[0]?.remark).toBe('主管改的')
  })

  it('refuses what WeCom would refuse, before the call', async () => {
    const before = await world.calls(remarkPath)
    for (const wrong of [
      { remark: '字'.repeat(21) },
      { description: '字'.repeat(151) },
      { company: '字'.repeat(21) },
      { mobiles: ['not a phone'] },
      { mobiles: Array.from({ length: 11 }, (_, i) => `1380013800${i}`) },
      {},
    ])
      expect(ContactChange.safeParse({ userid: 'lina', ...wrong }).success).toBe(false)
    expect(ContactChange.safeParse({ userid: 'lina', remark: '😀'.repeat(20) }).success).toBe(true)
    const { detail, at } = await fetched()
    await engine.told({ ...detail, contact: { ...detail.contact, type: 2 } }, at)
    await expect(edit(lina, customerId, { userid: 'lina', company: '青山' })).rejects.toMatchObject({
      code: 'contact.company_of_wechat',
    })
    expect(await world.calls(remarkPath)).toBe(before)
  })

  it('a pair that WeCom knows no more (84061) is read again and said so', async () => {
    await world.act('add', { userid: 'wangwei', external_userid: customer })
    await world.act('delete-by-member', { userid: 'lina', external_userid: customer })
    await expect(edit(lina, customerId, { userid: 'lina', remark: 'x' })).rejects.toMatchObject({
      code: 'contact.not_held',
    })
    expect((await kept())?.map(({ userid }) => userid)).toEqual(['wangwei'])
  })

  it('an answer lost says so, and the same change may be made again', async () => {
    await world.act('faults', { path: remarkPath, kind: 'cut_after', times: 3 })
    await expect(edit(lina, customerId, { userid: 'lina', remark: '静姐' })).rejects.toMatchObject({
      code: 'wecom.unreachable',
    })
    await edit(lina, customerId, { userid: 'lina', remark: '静姐' })
    expect((await kept())?.[0]?.remark).toBe('静姐')
  })
})
