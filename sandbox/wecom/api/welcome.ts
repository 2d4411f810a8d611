import { z } from 'zod'
import { firstType } from '../company/mass.ts'
import { checkContent, content } from './attachments.ts'
import { ANY, endpoint } from './endpoint.ts'
import { ApiError } from './errors.ts'
import { says } from './schema.ts'

const LIFE_MS = 20_000

/** Welcome messages (欢迎语). */
export const welcome = [
  endpoint({
    method: 'POST',
    path: '/cgi-bin/externalcontact/send_welcome_msg',
    secrets: ANY,
    input: z.object({ welcome_code: z.string(says(41049)).min(1, says(41049)), ...content }),
    handle(world, { welcome_code, text, attachments }) {
      checkContent(world, text.content, attachments)
      const code = world.store.welcomeCodes.get(welcome_code)
      if (!code || world.clock.now() - code.at > LIFE_MS) throw new ApiError(41050)
      if (code.state !== 'open') throw new ApiError(41051)
      world.store.welcomeCodes.set(code.code, { ...code, state: 'used' })
      world.ledger.add({
        to: { kind: 'customer', id: code.external_userid },
        from: code.userid,
        via: 'welcome',
        msgtype: text.content === '' ? firstType(attachments) : 'text',
        text: text.content,
        content: { text, attachments },
        request: code.code,
      })
      return {}
    },
  }),
]
