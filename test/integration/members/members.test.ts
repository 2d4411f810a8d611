import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { membersRoom, type MembersRoom } from '../../support/members.ts'
import { useMongo } from '../../support/mongo.ts'
import { useRedis } from '../../support/redis.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const redis = useRedis()
const world = useWecom()
let room: MembersRoom

const roomNow = (): MembersRoom =>
  membersRoom({ mongo: mongo.get(), redis: redis.get(), clock: world.clock, wecom: world.adapter() })
const scopeOf = async (userid: string) => {
  const member = await room.read.get(userid)
  if (member === null) throw new Error(`no member ${userid}`)
  return (await room.scopeOf(member))?.toSorted() ?? null
}
const readAll = async () => {
  await room.departments.sync()
  const { read } = world.adapter()
  await room.members.save(await read.listUsers(1, { children: true }))
}

beforeAll(async () => {
  room = roomNow()
  await mongo.indexes()
})
beforeEach(async () => {
  room = roomNow()
  for (const model of Object.values(mongo.get().connection.models)) await model.deleteMany({})
  await world.act('reset', {})
  await world.act('departments', { id: 2, name: '华东', parentid: 1 })
  await world.act('departments', { id: 3, name: '上海', parentid: 2 })
  await world.act('departments', { id: 4, name: '华北', parentid: 1 })
  await world.act('members', { userid: 'boss', name: '总', department: [1], leader: true })
  await world.act('members', { userid: 'lina', name: '李娜', department: [2], leader: true })
  await world.act('members', { userid: 'zhao', name: '赵敏', department: [3] })
  await world.act('members', { userid: 'wang', name: '王伟', department: [4] })
})

describe('members and their roles', () => {
  it('a leader manages; a role set by hand stays, whatever WeCom says later', async () => {
    await room.members.save([{ userid: 'gone', name: '走了', departments: [], leads: [] }])
    await readAll()
    await room.members.leaveAllBut(['boss', 'lina', 'zhao', 'wang'])
    expect(await room.read.get('lina')).toMatchObject({ name: '李娜', role: 'manager', active: true, leads: [2] })
    expect(await room.read.get('wang')).toMatchObject({ role: 'rep', departments: [4] })
    expect(await room.read.get('gone')).toMatchObject({ active: false })
    expect(await room.read.names(['lina', 'nobody'])).toEqual(new Map([['lina', '李娜']]))
    await room.members.setRole('wang', 'admin')
    await room.members.setRole('lina', 'rep')
    await readAll()
    expect([(await room.read.get('lina'))?.role, (await room.read.get('wang'))?.role]).toEqual(['rep', 'admin'])
    expect(await room.read.admins()).toEqual(['wang'])
    await expect(room.members.setRole('nobody', 'rep')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('who becomes a leader in WeCom manages from the callback on, and no longer once they do not lead', async () => {
    await readAll()
    await world.act('members', { userid: 'wang', leader: true })
    await room.give('change_contact.update_user', { userid: 'wang' })
    expect((await room.read.get('wang'))?.role).toBe('manager')
    await world.act('members', { userid: 'wang', leader: false })
    await room.give('change_contact.update_user', { userid: 'wang' })
    expect((await room.read.get('wang'))?.role).toBe('rep')
  })

  it('a newcomer, a disabled member, a leaver', async () => {
    await readAll()
    await world.act('members', { userid: 'chen', name: '陈静', department: [3] })
    await room.give('change_contact.create_user', { userid: 'chen' })
    expect(await room.read.get('chen')).toMatchObject({ name: '陈静', role: 'rep', active: true, departments: [3] })
    await world.act('members/chen/status', { status: 2 })
    await room.give('change_contact.update_user', { userid: 'chen' })
    expect(await room.read.get('chen')).toMatchObject({ active: false })
    await world.act('members/zhao/leave', {})
    await room.give('change_contact.delete_user', { userid: 'zhao' })
    expect(await room.read.get('zhao')).toMatchObject({ active: false, departments: [3] })
  })
})

describe('the app’s visible range', () => {
  it('who is taken out of it is out with that callback, and in again when put back', async () => {
    await readAll()
    const cookie = /=([^;]+)/.exec(await room.sessions.open('wang'))?.[1] ?? ''
    expect((await room.sessions.memberOf(cookie)).kind).toBe('member')
    await world.put('app/range', { range: { users: [], parties: [2] } })
    await room.give('unsubscribe', { from: 'wang' })
    expect((await room.sessions.memberOf(cookie)).kind).toBe('nobody')
    await world.put('app/range', { range: null })
    await room.give('subscribe', { from: 'wang' })
    expect((await room.sessions.memberOf(cookie)).kind).toBe('member')
  })
})

describe('a new userid', () => {
  it('keeps the role, the sessions and what hung on the old one, however often the callback comes', async () => {
    await readAll()
    await room.members.setRole('wang', 'manager')
    const cookie = /=([^;]+)/.exec(await room.sessions.open('wang'))?.[1] ?? ''
    await world.act('members/wang/rename', { new_userid: 'wang.wei' })
    await room.give('change_contact.update_user', { userid: 'wang', newUserid: 'wang.wei' })
    await room.members.setRole('wang.wei', 'rep')
    await room.give('change_contact.update_user', { userid: 'wang', newUserid: 'wang.wei' })
    expect(await room.read.get('wang')).toMatchObject({ active: false, renamedTo: 'wang.wei' })
    expect(await room.read.get('wang.wei')).toMatchObject({ role: 'rep', active: true, formerly: ['wang'] })
    expect(await room.sessions.memberOf(cookie)).toMatchObject({ userid: 'wang.wei', scope: ['wang.wei', 'wang'] })
  })

  it('an old userid that somebody else gets is not theirs any more', async () => {
    await readAll()
    await room.members.rename('wang', 'wang.wei')
    await room.members.save([{ userid: 'wang', name: '另一位', departments: [4], leads: [] }])
    expect(await room.read.get('wang')).toMatchObject({ name: '另一位', active: true, renamedTo: null })
    expect((await room.read.get('wang.wei'))?.formerly).toEqual([])
  })
})

describe('whose work one sees', () => {
  it('a rep their own, a leader the departments below, who leads all and an admin everything', async () => {
    await readAll()
    expect(await scopeOf('zhao')).toEqual(['zhao'])
    expect(await scopeOf('lina')).toEqual(['lina', 'zhao'])
    expect(await scopeOf('boss')).toBeNull()
    await room.members.setRole('zhao', 'admin')
    expect(await scopeOf('zhao')).toBeNull()
  })

  it('a manager made by hand has the departments they are in; who left or was renamed stays in; direct reports too', async () => {
    await readAll()
    await room.members.setRole('wang', 'manager')
    expect(await scopeOf('wang')).toEqual(['wang'])
    await room.members.rename('zhao', 'zhao.min')
    await room.members.leave('zhao.min')
    expect(await scopeOf('lina')).toEqual(['lina', 'zhao', 'zhao.min'])
    await room.members.save([
      { userid: 'far', name: '远程', departments: [3], leads: [], directLeaders: ['wang'] },
      { userid: 'other', name: '旁人', departments: [3], leads: [], directLeaders: [] },
    ])
    expect(await scopeOf('wang')).toEqual(['far', 'wang'])
  })

  it('departments move, come and go by their callbacks', async () => {
    await readAll()
    await world.act('departments', { id: 4, parentid: 2 })
    await room.give('change_contact.update_party', { id: '4', parentId: '2' })
    expect(await scopeOf('lina')).toEqual(['lina', 'wang', 'zhao'])
    await world.act('departments', { id: 5, name: '杭州', parentid: 2 })
    await room.give('change_contact.create_party', { id: '5', name: '杭州', parentId: '2' })
    expect((await room.read.departments()).map(({ name }) => name)).toContain('杭州')
    await world.act('departments/delete', { id: 5 })
    await room.give('change_contact.delete_party', { id: '5' })
    expect((await room.read.departments()).map(({ id }) => id).toSorted()).toEqual([1, 2, 3, 4])
  })
})
