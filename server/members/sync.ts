import type { Log } from '../platform/log.ts'
import type { CustomerPair, WecomDepartment, WecomMember, WecomRead } from '../wecom/types.ts'
import type { Members } from './members.ts'

const PARALLEL = 10

type Deps = {
  members: Pick<Members, 'save' | 'leaveAllBut'>
  wecom: Pick<WecomRead, 'departments' | 'listUsers' | 'followUserList' | 'batchGetByUser' | 'getUser'>
  /** Gets every (member, customer) pair WeCom lists; saves it idempotently. */
  onCustomer: (snapshot: CustomerPair) => Promise<void>
  log: Log
}

/** Departments whose parent the app does not see: with all below them they are the whole range. */
const topsOf = (departments: readonly WecomDepartment[]): WecomDepartment[] => {
  const ids = new Set(departments.map((one) => one.id))
  return departments.filter((one) => !ids.has(one.parentId))
}

/**
 * Reads the members and every rep's customers from WeCom, and hands each pair on. Who is not listed any more has left.
 * Answers how many members and pairs there were. Repeating it is harmless.
 */
export const createMembersSync =
  ({ members, wecom, onCustomer, log }: Deps) =>
  async (): Promise<{ members: number; customers: number }> => {
    const listAll = async (): Promise<Map<string, WecomMember>> => {
      const departments = await wecom.departments()
      const found = new Map<string, WecomMember>()
      const keep = (list: readonly WecomMember[]): void => {
        for (const member of list) found.set(member.userid, member)
      }
      for (const top of topsOf(departments)) keep(await wecom.listUsers(top.id, { children: true }))
      return found
    }

    const found = await listAll()
    const reps = await wecom.followUserList()
    for (const userid of reps) {
      if (found.has(userid)) continue
      const member = await wecom.getUser(userid)
      found.set(userid, member ?? { userid, name: userid, departments: [], leads: [] })
    }
    await members.save([...found.values()], new Set(reps))
    const left = await members.leaveAllBut([...found.keys()])

    let customers = 0
    for await (const page of wecom.batchGetByUser(reps)) {
      for (let start = 0; start < page.length; start += PARALLEL) {
        await Promise.all(page.slice(start, start + PARALLEL).map(onCustomer))
      }
      customers += page.length
    }
    log.info({ members: found.size, left, customers }, 'members synced')
    return { members: found.size, customers }
  }
