import type { membersModel } from './members.model.ts'

/** Roles nobody has set by hand follow WeCom: who leads a department manages, others are reps. Answers how many changed. */
export const followLeads = async (members: ReturnType<typeof membersModel>): Promise<number> => {
  const [up, down] = await Promise.all([
    members.updateMany({ roleSet: false, role: 'rep', 'leads.0': { $exists: true } }, { $set: { role: 'manager' } }),
    members.updateMany({ roleSet: false, role: 'manager', leads: { $size: 0 } }, { $set: { role: 'rep' } }),
  ])
  return up.modifiedCount + down.modifiedCount
}
