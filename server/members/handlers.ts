import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import type { Departments } from './departments.ts'
import type { Members } from './members.ts'

type Deps = {
  members: Pick<Members, 'refresh' | 'rename' | 'leave'>
  departments: Pick<Departments, 'refresh' | 'remove'>
}

/**
 * Contact changes (通讯录变更). The event carries only part of a member or department, and an app may see less than the event says, so it is
 * read from WeCom; a member who left is only marked, since timelines name them.
 */
export const membersHandlers = ({ members, departments }: Deps): EventHandlers =>
  handlersOf((on) => {
    const handler = { name: 'members', lane: 'soon' } as const
    on('change_contact.create_user', {
      ...handler,
      run: async ({ fields }) => void (await members.refresh(fields.userid)),
    })
    on('change_contact.update_user', {
      ...handler,
      run: async ({ fields: { userid, newUserid } }) => {
        if (newUserid !== undefined && newUserid !== userid) await members.rename(userid, newUserid)
        else await members.refresh(userid)
      },
    })
    // Whoever leaves is out at once, before what waits in the other lane.
    on('change_contact.delete_user', { ...handler, lane: 'now', run: ({ fields }) => members.leave(fields.userid) })
    // The member has come into the app's visible range, or has left it and may not come in any more.
    on('subscribe', { ...handler, run: async ({ fields }) => void (await members.refresh(fields.from)) })
    on('unsubscribe', {
      ...handler,
      lane: 'now',
      run: async ({ fields }) => void (await members.refresh(fields.from)),
    })
    on('change_contact.create_party', { ...handler, run: ({ fields }) => departments.refresh(Number(fields.id)) })
    on('change_contact.update_party', { ...handler, run: ({ fields }) => departments.refresh(Number(fields.id)) })
    on('change_contact.delete_party', { ...handler, run: ({ fields }) => departments.remove(Number(fields.id)) })
  })
