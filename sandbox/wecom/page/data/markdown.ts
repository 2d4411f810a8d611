import { safeUrl } from './parts.ts'

interface MarkdownSpan {
  text: string
  bold: boolean
  code: boolean
  tone: '' | 'info' | 'comment' | 'warning'
  url?: string
}
interface MarkdownLine {
  kind: 'text' | 'heading' | 'quote' | 'item'
  spans: MarkdownSpan[]
}

const TOKEN = /\*\*(.+?)\*\*|`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|<font color="(info|comment|warning)">(.*?)<\/font>/

function spansOf(text: string, base: Omit<MarkdownSpan, 'text'>): MarkdownSpan[] {
  const spans: MarkdownSpan[] = []
  let rest = text
  while (rest !== '') {
    const match = TOKEN.exec(rest)
    if (!match) break
    if (match.index > 0) spans.push({ ...base, text: rest.slice(0, match.index) })
    rest = rest.slice(match.index + match[0].length)
    const [, bold, code, label, url, tone, toned] = match
    if (bold !== undefined) spans.push(...spansOf(bold, { ...base, bold: true }))
    else if (code !== undefined) spans.push({ ...base, code: true, text: code })
    else if (label !== undefined) {
      const safe = safeUrl(url ?? '')
      spans.push(safe === undefined ? { ...base, text: label } : { ...base, text: label, url: safe })
    } else if (tone === 'info' || tone === 'comment' || tone === 'warning') {
      spans.push(...spansOf(toned ?? '', { ...base, tone }))
    }
  }
  if (rest !== '') spans.push({ ...base, text: rest })
  return spans
}

/** The part of Markdown that WeCom's robots and app messages understand, as data: nothing of it is ever HTML. */
export function parseMarkdown(source: string): MarkdownLine[] {
  return source.split('\n').map((raw) => {
    const [kind, text]: [MarkdownLine['kind'], string] = /^#{1,6}\s/.test(raw)
      ? ['heading', raw.replace(/^#+\s+/, '')]
      : /^>\s?/.test(raw)
        ? ['quote', raw.replace(/^>\s?/, '')]
        : /^\s*(?:[-*]|\d+\.)\s/.test(raw)
          ? ['item', raw.replace(/^\s*[-*]\s/, '• ')]
          : ['text', raw]
    return { kind, spans: spansOf(text, { bold: false, code: false, tone: '' }) }
  })
}
