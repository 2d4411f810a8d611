import { expect, it } from 'vitest'
import { toAttachment } from './attachments.ts'

const of = (msgtype: string, body: object) => toAttachment({ msgtype, text: '', content: { [msgtype]: body } })

it.each([
  [
    'link',
    { url: 'https://a.cn', title: '指南', imgUrl: 'https://a.cn/1.png' },
    { msgtype: 'link', link: { title: '指南', url: 'https://a.cn', desc: '', picurl: 'https://a.cn/1.png' } },
  ],
  [
    'news',
    { link: 'https://a.cn', title: '', desc: '三步' },
    { msgtype: 'link', link: { title: 'https://a.cn', url: 'https://a.cn', desc: '三步', picurl: '' } },
  ],
  ['image', { mediaid: 'm1' }, { msgtype: 'image', image: { media_id: 'm1' } }],
  ['image', { imgUrl: 'https://a.cn/1.png' }, { msgtype: 'image', image: { pic_url: 'https://a.cn/1.png' } }],
  ['file', { mediaid: 'm2' }, { msgtype: 'file', file: { media_id: 'm2' } }],
])('%s %j', (msgtype, body, attachment) => expect(of(msgtype, body)).toEqual(attachment))
