import { z } from 'zod'
import { contract, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { contacts } from './contacts.ts'

const member = z.looseObject({ userid: text, name: text, department: z.array(z.int()) })
const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina', '李娜')
  await sandbox.member('lonely')
  return {}
}

contract(contacts, prepare, {
  '/cgi-bin/user/get': { good: () => ({ userid: 'lina' }), shape: member, bad: () => [[{ userid: 'nobody' }, 60111]] },
  '/cgi-bin/user/list': {
    good: () => ({ department_id: '1', fetch_child: '1' }),
    shape: z.strictObject({ userlist: z.array(member).length(2) }),
    bad: () => [
      [{ department_id: '99' }, 60003],
      [{}, 40063],
    ],
  },
  '/cgi-bin/user/simplelist': {
    good: () => ({ department_id: '1' }),
    shape: z.strictObject({
      userlist: z.array(z.strictObject({ userid: text, name: text, department: z.array(z.int()), open_userid: text })),
    }),
  },
  '/cgi-bin/department/list': {
    good: () => ({}),
    shape: z.strictObject({
      department: z.array(z.looseObject({ id: z.int(), name: text, parentid: z.int(), order: z.int() })).min(1),
    }),
  },
  '/cgi-bin/department/simplelist': {
    good: () => ({}),
    shape: z.strictObject({
      department_id: z.array(z.strictObject({ id: z.int(), parentid: z.int(), order: z.int() })),
    }),
  },
  '/cgi-bin/department/get': {
    good: () => ({ id: '1' }),
    shape: z.strictObject({
      department: z.strictObject({
        id: z.literal(1),
        name: text,
        name_en: text,
        department_leader: z.array(text),
        parentid: z.literal(0),
        order: z.int(),
      }),
    }),
    bad: () => [
      [{ id: '99' }, 60003],
      [{ id: 'x' }, 40058],
    ],
  },
  '/cgi-bin/user/list_id': {
    secret: 'sync',
    good: () => ({ limit: 1 }),
    shape: z.strictObject({
      next_cursor: text.min(1),
      dept_user: z.tuple([z.strictObject({ userid: z.literal('lina'), department: z.literal(1) })]),
    }),
    bad: () => [
      [{ limit: 10_001 }, 40058],
      [{ cursor: 'made-up' }, 50100],
    ],
  },
})
