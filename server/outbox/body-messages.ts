import { appTextBytes, type AppMessage } from '@zhiyin/shared/app-message'
import { byteLength, cutBytes } from '@zhiyin/shared/bytes'
import type { NoticeCard } from '@zhiyin/shared/card'
import type { Attachment, ContentBody } from '@zhiyin/shared/content'
import type { Article, RobotMessage } from '@zhiyin/shared/robot'

/** What a touch on a text card may say before it is cut (apis.md §18). */
const cardBytes = 512
const perNews = 8

type Shared = { kind: 'news'; articles: Article[] } | { kind: 'card'; card: NoticeCard }

/** Links, and pictures by their address, as articles: neither robots nor the app can attach them. */
const articleOf = (each: Attachment): Article[] => {
  if (each.type === 'link') {
    const { title, url, desc, picurl } = each
    return [{ title, url, ...(desc ? { description: desc } : {}), ...(picurl ? { picurl } : {}) }]
  }
  if (each.type === 'image' && 'picUrl' in each) return [{ title: '图片', url: each.picUrl, picurl: each.picUrl }]
  return []
}

const newsOf = (attachments: readonly Attachment[]): Shared[] => {
  const articles = attachments.flatMap(articleOf)
  const news: Shared[] = []
  for (let from = 0; from < articles.length; from += perNews)
    news.push({ kind: 'news', articles: articles.slice(from, from + perNews) })
  return news
}

/** Mini-programs, as cards that open them. */
const cardsOf = (attachments: readonly Attachment[]): Shared[] =>
  attachments.flatMap((each): Shared[] => {
    if (each.type !== 'miniprogram') return []
    const { title, appid, page } = each
    const card_action = { type: 2, appid, pagepath: page }
    return [{ kind: 'card', card: { card_type: 'text_notice', main_title: { title }, card_action } }]
  })

/** A content as a robot says it: its text, its links as news, its files one by one (a robot has no videos: they go as files). */
export const robotMessagesOf = ({ text, attachments }: ContentBody): RobotMessage[] => [
  ...(text === '' ? [] : [{ kind: 'text' as const, text, mentions: [], mobiles: [] }]),
  ...newsOf(attachments),
  ...cardsOf(attachments),
  ...attachments.flatMap((each): RobotMessage[] => {
    if (!('assetId' in each) || each.type === 'miniprogram') return []
    const { assetId, name } = each
    return [{ kind: each.type === 'image' ? 'image' : 'file', assetId, name }]
  }),
]

/** A text with one link is a card that opens it, as long as none of it is cut. */
const textCardOf = ({ text, attachments }: ContentBody): AppMessage[] | null => {
  const [only, ...others] = attachments
  if (text === '' || only?.type !== 'link' || others.length > 0 || byteLength(text) > cardBytes) return null
  const { title, url } = only
  return [{ kind: 'textcard', title: cutBytes(title, 128), description: text, url }]
}

/** A content as the app says it to members. */
export const appMessagesOf = (body: ContentBody): AppMessage[] => {
  const card = textCardOf(body)
  if (card !== null) return card
  const { text, attachments } = body
  const [link, ...others] = attachments
  // A lone link fits below its text.
  const withLink =
    text !== '' && link?.type === 'link' && others.length === 0 ? `${text}\n${link.title} ${link.url}` : null
  if (withLink !== null && byteLength(withLink) <= appTextBytes) return [{ kind: 'text', text: withLink }]
  return [
    ...(text === '' ? [] : [{ kind: 'text' as const, text }]),
    ...newsOf(attachments),
    ...cardsOf(attachments),
    ...attachments.flatMap((each): AppMessage[] => {
      if (!('assetId' in each) || each.type === 'miniprogram') return []
      const { type, assetId, name } = each
      return [{ kind: type, assetId, name }]
    }),
  ]
}
