import { createAccess } from '../members/access.ts'
import { createDepartments } from '../members/departments.ts'
import { createManagersOf } from '../members/managers.ts'
import { createMembers } from '../members/members.ts'
import { createScopeOf } from '../members/scope.ts'
import { createSessions } from '../members/session.ts'
import { createLoginState } from '../members/state.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'

/** Members, departments, who may see whom, and sessions. */
export const joinMembers = ({ config, log, clock, mongo, redis, wecom, membersRead }: Base & Reads) => {
  const scopeOfMember = createScopeOf({ mongo })
  const managersOf = createManagersOf({ membersRead, scopeOf: scopeOfMember })
  const access = createAccess({ redis, log })
  const members = createMembers({ mongo, clock, wecom: wecom.read, access })
  const departments = createDepartments({ mongo, wecom: wecom.read, access })
  const sessions = createSessions({
    config,
    clock,
    members: { get: membersRead.get, seen: members.seen },
    scopeOf: scopeOfMember,
    access,
  })
  const loginState = createLoginState(config.SESSION_SECRET, clock, config.PUBLIC_URL.startsWith('https:'))
  return { scopeOfMember, managersOf, access, members, departments, sessions, loginState }
}

export type Staff = ReturnType<typeof joinMembers>
