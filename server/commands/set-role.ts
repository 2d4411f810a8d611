import type { Role } from '@zhiyin/shared/api/endpoint'
import type { Audit } from '../audit/audit.ts'
import type { Members } from '../members/members.ts'
import type { MemberView } from '../members/read.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { members: Pick<Members, 'setRole'>; audit: Audit }

/** An admin sets a member's role; later syncs leave it alone. */
export const setRoleCommand =
  ({ members, audit }: Deps) =>
  async (actor: SignedIn, userid: string, role: Role): Promise<MemberView> => {
    const member = await members.setRole(userid, role)
    await audit.record({ actor, act: 'member.set_role', subject: `member:${userid}`, detail: { role } })
    return member
  }
