import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, list, nothing, text } from './shapes.ts'

const member = z.object({
  userid: text,
  name: text.default(''),
  department: z.array(z.number()).default([]),
  is_leader_in_dept: z.array(z.number()).default([]),
  direct_leader: z.array(text).optional(),
  position: text.optional(),
  avatar: text.optional(),
  status: z.number().optional(),
})
export type WireMember = z.output<typeof member>
export const userGet = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/user/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ userid: text }),
  response: member,
})
export const userList = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/user/list',
  token: 'agent',
  effect: 'read',
  request: z.object({ department_id: z.int(), fetch_child: z.enum(['0', '1']) }),
  response: z.object({ userlist: z.array(member).default([]) }),
  timeoutMs: 20_000,
})
const department = z.object({
  id: z.int(),
  name: text.default(''),
  parentid: z.int().default(0),
  order: z.number().default(0),
  department_leader: list,
})
export type WireDepartment = z.output<typeof department>
export const departmentList = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/department/list',
  token: 'agent',
  effect: 'read',
  request: nothing,
  response: z.object({ department: z.array(department).default([]) }),
})
export const departmentGet = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/department/get',
  token: 'agent',
  effect: 'read',
  request: z.object({ id: z.int() }),
  response: z.object({ department }),
})

export const followUserList = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/get_follow_user_list`,
  token: 'contact',
  effect: 'read',
  request: nothing,
  response: z.object({ follow_user: list }),
})
