import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import type { Members } from './members.ts'

/**
 * Contact changes (通讯录变更). The event carries only part of a member, and an app may see less than the event says, so the member is
 * read from WeCom; a member who left is only marked, since timelines name them.
 */
export const membersHandlers = (members: Pick<Members, 'refresh' | 'rename' | 'leave'>): EventHandlers =>
  handlersOf((on) => {
    on('change_contact.create_user', {
      name: 'members',
      lane: 'soon',
      run: async ({ fields }) => {
        await members.refresh(fields.userid)
      },
    })
    on('change_contact.update_user', {
      name: 'members',
      lane: 'soon',
      run: async ({ fields: { userid, newUserid } }) => {
        if (newUserid !== undefined && newUserid !== userid) await members.rename(userid, newUserid)
        else await members.refresh(userid)
      },
    })
    on('change_contact.delete_user', {
      name: 'members',
      lane: 'soon',
      run: ({ fields }) => members.leave(fields.userid),
    })
  })
