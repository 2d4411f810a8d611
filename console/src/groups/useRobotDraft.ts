import { RobotMessage, robotParts, type RobotKind } from '@zhiyin/shared/robot'
import { computed, reactive } from 'vue'

export type ArticleDraft = { title: string; description: string; url: string; picurl: string }
export const emptyArticle = (): ArticleDraft => ({ title: '', description: '', url: '', picurl: '' })

type FileDraft = { assetId: string; name: string } | null

/** Everything a person may have typed, whichever kind is chosen now: changing the kind loses nothing. */
export type RobotDraft = {
  kind: RobotKind
  text: string
  mentions: string[]
  articles: ArticleDraft[]
  files: { image: FileDraft; file: FileDraft; voice: FileDraft }
  card: { title: string; desc: string; figure: string; figureDesc: string; url: string; picture: string }
}

const filled = <T extends Record<string, string>>(fields: T): Partial<T> => {
  const kept: Partial<T> = {}
  for (const key in fields) if (fields[key]?.trim()) kept[key] = fields[key]
  return kept
}

const cardOf = ({ title, desc, figure, figureDesc, url, picture }: RobotDraft['card']): unknown => {
  const common = { main_title: filled({ title, desc }), card_action: { type: 1, url } }
  if (picture.trim()) return { card_type: 'news_notice', ...common, card_image: { url: picture } }
  const emphasis = figure.trim() ? { emphasis_content: filled({ title: figure, desc: figureDesc }) } : {}
  return { card_type: 'text_notice', ...common, ...emphasis }
}

const inputOf = (draft: RobotDraft): unknown => {
  const { kind, text, mentions, articles, files, card } = draft
  switch (kind) {
    case 'text':
      return { kind, text, mentions }
    case 'markdown':
    case 'markdown_v2':
      return { kind, text }
    case 'news':
      return { kind, articles: articles.map(filled) }
    case 'image':
    case 'file':
    case 'voice':
      return { kind, ...files[kind] }
    case 'card':
      return { kind, card: cardOf(card) }
  }
}

/** A message being written: the message as soon as it is one, and the parts in which it goes out. */
export const useRobotDraft = () => {
  const draft = reactive<RobotDraft>({
    kind: 'text',
    text: '',
    mentions: [],
    articles: [emptyArticle()],
    files: { image: null, file: null, voice: null },
    card: { title: '', desc: '', figure: '', figureDesc: '', url: '', picture: '' },
  })
  const parsed = computed(() => RobotMessage.safeParse(inputOf(draft)))
  const message = computed(() => (parsed.value.success ? parsed.value.data : undefined))
  const parts = computed(() => (message.value === undefined ? [] : robotParts(message.value)))
  return { draft, message, parts }
}
