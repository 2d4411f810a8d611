import { describe, expect, it } from 'vitest'
import { useWecom } from '../../support/wecom.ts'

const world = useWecom()

describe('the address book and the app on the wire', () => {
  it('reads one department with its leaders, and knows one that is not there from one it may not see', async () => {
    const { read } = world.adapter()
    await world.act('departments', { id: 2, name: '华东', parentid: 1 })
    await world.act('members', { userid: 'zhao', name: '赵敏', department: [2], leader: true, position: '店长' })
    expect(await read.department(2)).toEqual({ id: 2, name: '华东', parentId: 1, order: 2, leaders: ['zhao'] })
    expect(await read.department(99)).toBeNull()
    expect((await read.departments()).map(({ id }) => id)).toEqual([1, 2])
    expect(await read.findUser('zhao')).toEqual({
      userid: 'zhao',
      name: '赵敏',
      departments: [2],
      leads: [2],
      directLeaders: [],
      position: '店长',
      status: 1,
    })
    expect(await read.findUser('nobody')).toBe('unknown')
    await world.act('faults', { path: '/cgi-bin/user/get', kind: 'errcode', errcode: 60011, times: 1 })
    expect(await read.findUser('zhao')).toBe('out_of_range')
    await world.act('faults', { path: '/cgi-bin/user/get', kind: 'errcode', errcode: 48002, times: 1 })
    await expect(read.findUser('zhao')).rejects.toMatchObject({ kind: 'config', errcode: 48002 })
  })

  it('reads the app, and asks for tokens and media only to see whether it may', async () => {
    const { probe } = world.adapter()
    await world.put('trusted', { trustedDomain: 'scrm.example.com' })
    expect(await probe.app()).toEqual({ name: '知音', closed: false, redirectDomain: 'scrm.example.com' })
    await probe.media()
    await probe.token('contact')
    await world.act('faults', { path: '/cgi-bin/gettoken', secret: 'agent', kind: 'errcode', errcode: 40001, times: 0 })
    await probe.token('contact')
    await expect(probe.token('agent')).rejects.toMatchObject({ kind: 'config', errcode: 40001 })
  })
})
