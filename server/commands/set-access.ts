import type { Audit } from '../audit/audit.ts'
import type { Members } from '../members/members.ts'
import type { MemberView } from '../members/read.ts'
import type { SignedIn } from '../platform/actor.ts'
import { AppError } from '../platform/errors.ts'

type Deps = { members: Pick<Members, 'setBarred'>; audit: Audit }

/** An admin shuts a member out of the product, or lets them in again; not themselves, so that nobody locks the company out by a slip. */
export const setAccessCommand =
  ({ members, audit }: Deps) =>
  async (actor: SignedIn, userid: string, allowed: boolean): Promise<MemberView> => {
    if (actor.kind === 'member' && actor.userid === userid && !allowed)
      throw new AppError('request.invalid', { params: { field: 'userid', problem: 'not oneself' } })
    const member = await members.setBarred(userid, !allowed)
    await audit.record({ actor, act: 'member.set_access', subject: `member:${userid}`, detail: { allowed } })
    return member
  }
