import { handlersOf, type EventHandlers } from '@zhiyin/shared/events'
import { AppError } from '../platform/errors.ts'
import type { Sync } from './sync.ts'

/** The member list behind an event may lag by some seconds (callbacks.md §6). */
const lagMs = 2000

/** Changes of customer groups: the event is a hint, the group is read again. */
export const groupHandlers = (sync: Pick<Sync, 'one' | 'dismiss'>): EventHandlers =>
  handlersOf((on) => {
    on('change_external_chat.create', {
      name: 'groups',
      lane: 'soon',
      run: async ({ fields }) => {
        await sync.one(fields.chatId)
      },
    })
    on('change_external_chat.update', {
      name: 'groups',
      lane: 'soon',
      run: async ({ fields: { chatId, lastMemVer, curMemVer } }) => {
        const version = await sync.one(chatId)
        const behind = version !== null && version === lastMemVer && version !== curMemVer
        if (behind) throw new AppError('wecom.unreachable', { retry: { afterMs: lagMs }, status: 503 })
      },
    })
    on('change_external_chat.dismiss', {
      name: 'groups',
      lane: 'soon',
      run: ({ fields }) => sync.dismiss(fields.chatId),
    })
  })
