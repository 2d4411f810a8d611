import { z } from 'zod'
import { BAD_PARAMS, CANCEL, NO_PERMISSION, ok } from '../ending.ts'
import type { BridgeFunction } from './kind.ts'

const INTERNAL = 1
const OpenProfile = z.object({ type: z.union([z.literal(INTERNAL), z.literal(2)]), userid: z.string().min(1) })
/** filterType 1: only customers never chosen by this page before. */
const PickContact = z.object({ filterType: z.union([z.literal(0), z.literal(1)]).default(0) })
const PickMember = z.object({
  fromDepartmentId: z.int(),
  mode: z.enum(['single', 'multi']),
  type: z.array(z.enum(['department', 'user'])).min(1),
  selectedUserIds: z.array(z.string()).default([]),
})

export const peopleFunctions: Record<string, BridgeFunction> = {
  openUserProfile: {
    needs: 'nothing',
    run(params, host) {
      const parsed = OpenProfile.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const { type, userid } = parsed.data
      if (!(type === INTERNAL ? host.isMember(userid) : host.isContact(userid))) return NO_PERMISSION
      host.openCard(userid)
      return ok()
    },
  },
  navigateToAddCustomer: {
    needs: 'agent',
    run(_params, host) {
      host.openAddCustomer()
      return ok()
    },
  },
  selectExternalContact: {
    needs: 'agent',
    async run(params, host) {
      const parsed = PickContact.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const onlyNew = parsed.data.filterType === 1
      const userIds = await host.pickContacts({ multi: true, chosen: [], preview: [], onlyNew })
      return userIds === undefined ? CANCEL : ok({ userIds: [...userIds] })
    },
  },
  selectExternalChat: { needs: 'agent', thirdParty: true, run: () => NO_PERMISSION },
  selectEnterpriseContact: {
    needs: 'agent',
    async run(params, host) {
      const parsed = PickMember.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      const { mode, type, selectedUserIds } = parsed.data
      const result = await host.pickMembers({
        multi: mode === 'multi',
        chosen: selectedUserIds,
        preview: [],
        departments: type.includes('department'),
        members: type.includes('user'),
      })
      return result === undefined ? CANCEL : ok({ result: JSON.stringify(result) })
    },
  },
}
