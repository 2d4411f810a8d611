import type { Client } from '@zhiyin/shared/api/client'
import { media } from '@zhiyin/shared/api/media'
import type { Attachment } from '@zhiyin/shared/content'
import type { ChatMessage } from '../wecom/message.ts'

/** pages/a?x=1 → pages/a.html?x=1 */
const htmlPage = (page: string): string => {
  const [path = '', ...query] = page.split('?')
  return [path.endsWith('.html') ? path : `${path}.html`, ...query].join('?')
}

/** The attachment as the chat takes it; its file is put into WeCom first where it is not there. Rejects with the server's ApiError. */
export const chatMessageOf = async (one: Attachment, call: Client['call']): Promise<ChatMessage> => {
  const mediaIdOf = async (id: string) => (await call(media.forChat, { params: { id } })).mediaId
  switch (one.type) {
    case 'link': {
      const { url, title, desc, picurl } = one
      return { msgtype: 'news', news: { link: url, title, desc: desc ?? '', imgUrl: picurl ?? '' } }
    }
    case 'image':
      // The chat takes pictures of the library only; one by its address goes as a card.
      return 'assetId' in one
        ? { msgtype: 'image', image: { mediaid: await mediaIdOf(one.assetId) } }
        : { msgtype: 'news', news: { link: one.picUrl, title: one.picUrl, desc: '', imgUrl: one.picUrl } }
    case 'miniprogram': {
      const { url } = await call(media.picture, { params: { id: one.assetId } })
      const { appid, title, page } = one
      return { msgtype: 'miniprogram', miniprogram: { appid, title, imgUrl: url, page: htmlPage(page) } }
    }
    case 'video':
      return { msgtype: 'video', video: { mediaid: await mediaIdOf(one.assetId) } }
    case 'file':
      return { msgtype: 'file', file: { mediaid: await mediaIdOf(one.assetId) } }
  }
}
