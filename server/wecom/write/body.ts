import type { WireAttachment } from '../endpoints/index.ts'
import type { MessageBody } from '../types.ts'

/** A message as add_msg_template and send_welcome_msg take it. */
export const wireBody = ({
  text,
  attachments,
}: MessageBody): {
  text: { content: string }
  attachments?: WireAttachment[]
} => ({
  text: { content: text },
  ...(attachments.length === 0
    ? {}
    : {
        attachments: attachments.map((one): WireAttachment =>
          one.type === 'image'
            ? { msgtype: 'image', image: { pic_url: one.picUrl } }
            : {
                msgtype: 'link',
                link: {
                  title: one.title,
                  url: one.url,
                  ...(one.desc ? { desc: one.desc } : {}),
                  ...(one.picurl ? { picurl: one.picurl } : {}),
                },
              },
        ),
      }),
})
