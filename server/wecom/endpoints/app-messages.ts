import { z } from 'zod'
import { appTextBytes } from '@zhiyin/shared/app-message'
import { atMostBytes } from '@zhiyin/shared/bytes'
import { Card } from '@zhiyin/shared/card'
import { wecomEndpoint } from '../endpoint.ts'
import { article, nothing, text } from './shapes.ts'

const media = z.object({ media_id: text.min(1) })
const content = z.object({ content: atMostBytes(appTextBytes).min(1) })

/** Repeatable within the interval of its duplicate check. `invaliduser` comes in lower case, joined by |. */
export const messageSend = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/message/send',
  token: 'agent',
  effect: 'once',
  request: z.intersection(
    z.object({
      /** At most 1000 userids joined by |. */
      touser: text.min(1),
      agentid: z.int(),
      enable_duplicate_check: z.literal(1),
      duplicate_check_interval: z.int().max(14_400),
    }),
    z.discriminatedUnion('msgtype', [
      z.object({ msgtype: z.literal('text'), text: content }),
      z.object({ msgtype: z.literal('markdown'), markdown: content }),
      z.object({
        msgtype: z.literal('textcard'),
        textcard: z.object({
          title: atMostBytes(128).min(1),
          description: atMostBytes(512).min(1),
          url: atMostBytes(2048).min(1),
          btntxt: text.max(4).optional(),
        }),
      }),
      z.object({ msgtype: z.literal('news'), news: z.object({ articles: z.array(article).min(1).max(8) }) }),
      z.object({ msgtype: z.literal('image'), image: media }),
      z.object({ msgtype: z.literal('file'), file: media }),
      z.object({ msgtype: z.literal('voice'), voice: media }),
      z.object({
        msgtype: z.literal('video'),
        video: media.extend({ title: atMostBytes(128).optional(), description: atMostBytes(512).optional() }),
      }),
      z.object({ msgtype: z.literal('template_card'), template_card: Card }),
    ]),
  ),
  response: z.object({
    msgid: text.default(''),
    invaliduser: text.nullish(),
    unlicenseduser: text.nullish(),
    /** Interactive cards only: one use, 72 h. */
    response_code: text.nullish(),
  }),
})

/** The code is used up by the call, so a repeat answers 60140. */
export const updateTemplateCard = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/message/update_template_card',
  token: 'agent',
  effect: 'once',
  request: z.object({
    userids: z.array(text.min(1)).min(1).max(1000),
    agentid: z.int(),
    response_code: text.min(1),
    template_card: Card,
  }),
  response: z.object({ invaliduser: z.array(text).default([]) }),
})

/** Within 24 h, else 42052. Recalling twice is as once. */
export const messageRecall = wecomEndpoint({
  method: 'POST',
  path: '/cgi-bin/message/recall',
  token: 'agent',
  effect: 'repeatable',
  request: z.object({ msgid: text.min(1) }),
  response: nothing,
})
