import { z } from 'zod'
import { BAD_PARAMS, CANCEL, ok } from '../ending.ts'
import type { ChatTarget } from '../host.ts'
import { checkMoment, checkShare } from '../share.ts'
import { partsOf } from '../../data/parts.ts'
import { type BridgeFunction, idList } from './kind.ts'

/** Recipients of one mass message. */
const MAX_RECIPIENTS = { externalUserIds: 20_000, chatIds: 2_000 }
const Cover = z
  .object({ signature: z.string().max(30).default(''), imgUrl: z.string().default('') })
  .refine(({ signature, imgUrl }) => signature !== '' || /^https?:\/\//i.test(imgUrl))

/** The preview, the recipients, and the member's own press of the button: what 群发助手 does with a shared message. */
function share(idField: 'externalUserIds' | 'chatIds'): BridgeFunction['run'] {
  return async (params, host) => {
    const checked = checkShare(params)
    const preset = idList.safeParse(params[idField])
    if ('refused' in checked) return checked.refused
    if (!preset.success || preset.data.length > MAX_RECIPIENTS[idField]) return BAD_PARAMS
    const wish = { multi: true, chosen: preset.data, preview: checked.messages.flatMap(partsOf) }
    const toChats = idField === 'chatIds'
    const ids = toChats ? await host.pickChats(wish) : await host.pickContacts({ ...wish, onlyNew: false })
    if (ids === undefined) return CANCEL
    const targets = ids.map((id): ChatTarget => (toChats ? { chat_id: id } : { external_userid: id }))
    await host.sayToMany(targets, checked.messages)
    return ok()
  }
}

/** What leaves the chat: mass messages, and the moments customers see (客户朋友圈, phones alone). */
export const shareFunctions: Record<string, BridgeFunction> = {
  shareToExternalContact: { needs: 'agent', run: share('externalUserIds') },
  shareToExternalChat: { needs: 'agent', run: share('chatIds') },
  shareToExternalMoments: {
    needs: 'agent',
    phone: true,
    async run(params, host) {
      const checked = checkMoment(params)
      if ('refused' in checked) return checked.refused
      return (await host.publishMoment(checked)) ? ok() : CANCEL
    },
  },
  updateMomentsSetting: {
    needs: 'agent',
    phone: true,
    async run(params, host) {
      const parsed = Cover.safeParse(params)
      if (!parsed.success) return BAD_PARAMS
      return (await host.setMomentsCover(parsed.data)) ? ok() : CANCEL
    },
  },
}
