import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, chars, nothing, text } from './shapes.ts'

export const remark = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/remark`,
  token: 'contact',
  effect: 'repeatable',
  request: z.object({
    userid: text.min(1),
    external_userid: text.min(1),
    remark: chars(20).optional(),
    description: chars(150).optional(),
    remark_company: chars(20).optional(),
    remark_mobiles: z.array(text).min(1).optional(),
  }),
  response: nothing,
})
