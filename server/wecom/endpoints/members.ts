import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, list, nothing, text } from './shapes.ts'

const member = z.object({
  userid: text,
  name: text.default(''),
  department: z.array(z.number()).default([]),
  is_leader_in_dept: z.array(z.number()).default([]),
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
export const departmentList = wecomEndpoint({
  method: 'GET',
  path: '/cgi-bin/department/list',
  token: 'agent',
  effect: 'read',
  request: nothing,
  response: z.object({
    department: z.array(z.object({ id: z.int(), name: text.default(''), parentid: z.int().default(0) })).default([]),
  }),
})

export const followUserList = wecomEndpoint({
  method: 'GET',
  path: `${cgi}/get_follow_user_list`,
  token: 'contact',
  effect: 'read',
  request: nothing,
  response: z.object({ follow_user: list }),
})
