import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { GroupWelcomeBody, GroupWelcomesSetup } from '../types/group-welcomes.ts'
import { wireAttachment } from '../write/body.ts'

/** What WeCom says of a template that is not there. */
const NO_SUCH_TEMPLATE = 40058

/** The attachment stands beside the text, under its kind. */
const wireOf = ({ text, attachment }: GroupWelcomeBody) => {
  const { msgtype: _msgtype, ...media } = attachment === null ? { msgtype: '' } : wireAttachment(attachment)
  return { ...(text === '' ? {} : { text: { content: text } }), ...media }
}

/** Group welcome templates (入群欢迎语素材): the owner of a group turns one on in the client. */
export const createGroupWelcomesSetup = (call: Call): GroupWelcomesSetup => ({
  addGroupWelcome: async (body, { notify }) => ({
    templateId: (await call(api.addGroupWelcome, { ...wireOf(body), notify: notify ? 1 : 0 })).template_id,
  }),
  editGroupWelcome: async (templateId, body) => {
    await call(api.editGroupWelcome, { template_id: templateId, ...wireOf(body) })
  },
  deleteGroupWelcome: async (templateId) => {
    await unless(
      call(api.deleteGroupWelcome, { template_id: templateId }),
      (error) => isWecomError(error, NO_SUCH_TEMPLATE),
      undefined,
    )
  },
})
