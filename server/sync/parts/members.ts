import type { WecomDepartment, WecomMember, WecomRead } from '../../wecom/types.ts'
import { checkBrake, type Part } from './part.ts'

type Deps = {
  wecom: Pick<WecomRead, 'departments' | 'listUsers' | 'followUserList' | 'getUser'>
  /** Who is here, by our books. */
  known: () => Promise<readonly string[]>
  save: (members: readonly WecomMember[], reps: ReadonlySet<string>) => Promise<void>
}

/** WeCom's status: 2 disabled, 5 left. */
const gone: ReadonlySet<number | undefined> = new Set([2, 5])

/** Departments whose parent the app does not see: with all below them they are the whole range. */
const topsOf = (departments: readonly WecomDepartment[]): WecomDepartment[] => {
  const ids = new Set(departments.map((one) => one.id))
  return departments.filter((one) => !ids.has(one.parentId))
}

/** Members of the corp, and who of them holds customers. Those nobody told us of, and those who are not listed any more, are gaps. */
export const createMembersPart = ({ wecom, known, save }: Deps): Part => {
  const listAll = async (): Promise<Map<string, WecomMember>> => {
    const found = new Map<string, WecomMember>()
    for (const top of topsOf(await wecom.departments()))
      for (const member of await wecom.listUsers(top.id, { children: true })) found.set(member.userid, member)
    return found
  }

  return {
    step: async ({ run, suspect, alive }) => {
      const found = await listAll()
      const reps = await wecom.followUserList()
      for (const userid of reps) {
        if (found.has(userid)) continue
        const member = await wecom.getUser(userid)
        found.set(userid, member ?? { userid, name: userid, departments: [], leads: [] })
      }
      const before = await known()
      const isNew = (userid: string): boolean => before.length > 0 && !before.includes(userid)
      const here = [...found.values()].filter(({ status }) => !gone.has(status))
      const left = before.filter((userid) => !here.some((one) => one.userid === userid))
      checkBrake(run, left.length, before.length)
      const joined = here.filter(({ userid }) => isNew(userid))
      await suspect([
        ...joined.map(({ userid }) => ({ kind: 'member.joined' as const, subject: { userid } })),
        ...left.map((userid) => ({ kind: 'member.left' as const, subject: { userid } })),
      ])
      await save(
        here.filter(({ userid }) => !isNew(userid)),
        new Set(reps),
      )
      await alive({ members: found.size })
      return { place: null, set: { reps: [...reps].sort() } }
    },
  }
}
