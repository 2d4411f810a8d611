import type { WireAttachment } from '../endpoints/index.ts'
import type { MessageAttachment, MessageBody } from '../types.ts'

/** One attachment as the platform spells it. */
export const wireAttachment = (one: MessageAttachment): WireAttachment => {
  switch (one.type) {
    case 'link': {
      const { title, url, desc, picurl } = one
      return { msgtype: 'link', link: { title, url, ...(desc ? { desc } : {}), ...(picurl ? { picurl } : {}) } }
    }
    case 'image':
      return {
        msgtype: 'image',
        image: 'mediaId' in one ? { media_id: one.mediaId } : { pic_url: one.picUrl },
      }
    case 'miniprogram': {
      const { title, appid, page, picMediaId } = one
      return { msgtype: 'miniprogram', miniprogram: { title, appid, page, pic_media_id: picMediaId } }
    }
    case 'video':
      return { msgtype: 'video', video: { media_id: one.mediaId } }
    case 'file':
      return { msgtype: 'file', file: { media_id: one.mediaId } }
  }
}

/** A message as add_msg_template and send_welcome_msg take it: text and attachments are not both empty. */
export const wireBody = ({
  text,
  attachments,
}: MessageBody): {
  text?: { content: string }
  attachments?: WireAttachment[]
} => ({
  ...(text === '' ? {} : { text: { content: text } }),
  ...(attachments.length === 0 ? {} : { attachments: attachments.map(wireAttachment) }),
})
