import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import type { Roster } from './roster.ts'

const active = 1

/** Contact changes (通讯录变更) that decide who can serve. The event says enough: nothing waits for the members' room to have read it. */
export const channelsHandlers = ({ drops, returns, renamed }: Roster): EventHandlers =>
  handlersOf((on) => {
    on('change_contact.create_user', {
      name: 'channels',
      lane: 'soon',
      run: ({ fields }) => returns(fields.userid),
    })
    on('change_contact.update_user', {
      name: 'channels',
      lane: 'soon',
      run: async ({ fields: { userid, newUserid, status } }) => {
        if (newUserid !== undefined && newUserid !== userid) await renamed(userid, newUserid)
        if (status === undefined) return
        if (status === active) await returns(newUserid ?? userid)
        else await drops(newUserid ?? userid, 41054)
      },
    })
    on('change_contact.delete_user', {
      name: 'channels',
      lane: 'soon',
      run: ({ fields }) => drops(fields.userid, 60111),
    })
  })
