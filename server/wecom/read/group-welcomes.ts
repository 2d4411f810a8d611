import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { GroupWelcomesRead } from '../types/group-welcomes.ts'

/** What WeCom says of a template that is not there. */
const NO_SUCH_TEMPLATE = 40058

/** Group welcome templates (入群欢迎语素材). */
export const createGroupWelcomesRead = (call: Call): GroupWelcomesRead => ({
  groupWelcomeText: (templateId) =>
    unless(
      call(api.getGroupWelcome, { template_id: templateId }).then(({ text }) => text?.content ?? ''),
      (error) => isWecomError(error, NO_SUCH_TEMPLATE),
      null,
    ),
})
