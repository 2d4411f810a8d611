/** What WeCom shows of a robot's markdown: enough to preview it, never HTML. */
export type Inline =
  | { kind: 'text' | 'bold' | 'italic' | 'code' | 'mention'; text: string }
  | { kind: 'link' | 'image'; text: string; url: string }
  | { kind: 'colour'; text: string; colour: 'info' | 'comment' | 'warning' }
export type Block =
  | { kind: 'line' | 'quote' | 'item'; parts: Inline[] }
  | { kind: 'heading'; level: number; parts: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'table'; rows: Inline[][][] }
  | { kind: 'rule' }

const colours = ['info', 'comment', 'warning'] as const
const common = String.raw`\*\*(?<bold>[^*]+)\*\*|\[(?<label>[^\]]+)\]\((?<url>[^)\s]+)\)|${'`'}(?<code>[^${'`'}]+)${'`'}`
const inlines = {
  v1: new RegExp(
    `${common}|<font color="(?<colour>info|comment|warning)">(?<coloured>[\\s\\S]*?)</font>|<@(?<mention>[\\w.@-]+)>`,
    'g',
  ),
  v2: new RegExp(`!\\[(?<alt>[^\\]]*)\\]\\((?<src>[^)\\s]+)\\)|${common}|(?<!\\*)\\*(?<italic>[^*\\n]+)\\*`, 'g'),
}

const inlineOf = (groups: Partial<Record<string, string>>): Inline => {
  const { bold, label, url, code, colour, coloured, mention, alt, src, italic } = groups
  if (bold !== undefined) return { kind: 'bold', text: bold }
  if (label !== undefined) return { kind: 'link', text: label, url: url ?? '' }
  if (src !== undefined) return { kind: 'image', text: alt ?? '', url: src }
  if (code !== undefined) return { kind: 'code', text: code }
  if (mention !== undefined) return { kind: 'mention', text: mention }
  if (italic !== undefined) return { kind: 'italic', text: italic }
  const named = colours.find((one) => one === colour)
  return named === undefined
    ? { kind: 'text', text: coloured ?? '' }
    : { kind: 'colour', text: coloured ?? '', colour: named }
}

const inlineAll = (line: string, pattern: RegExp): Inline[] => {
  const parts: Inline[] = []
  let at = 0
  for (const found of line.matchAll(pattern)) {
    if (found.index > at) parts.push({ kind: 'text', text: line.slice(at, found.index) })
    parts.push(inlineOf(found.groups ?? {}))
    at = found.index + found[0].length
  }
  if (at < line.length) parts.push({ kind: 'text', text: line.slice(at) })
  return parts
}

const isRow = (line: string): boolean => /^\s*\|.*\|\s*$/.test(line)
const isRuler = (line: string): boolean => /^[\s|:-]+$/.test(line) && line.includes('-')
const cellsOf = (line: string): string[] => line.trim().slice(1, -1).split('|')

/** The blocks of a text, as the first or the second markdown of robots reads it. */
export const robotMarkdown = (text: string, version: 'v1' | 'v2'): Block[] => {
  const inline = (line: string): Inline[] => inlineAll(line, inlines[version])
  const blocks: Block[] = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? ''
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    if (heading !== null)
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, parts: inline(heading[2] ?? '') })
    else if (line.startsWith('>')) blocks.push({ kind: 'quote', parts: inline(line.replace(/^>+\s?/, '')) })
    else if (version === 'v2' && line.startsWith('```')) {
      const end = lines.findIndex((each, index) => index > at && each.startsWith('```'))
      const until = end === -1 ? lines.length : end
      blocks.push({ kind: 'code', text: lines.slice(at + 1, until).join('\n') })
      at = until
    } else if (version === 'v2' && isRow(line)) {
      const from = at
      while (isRow(lines[at + 1] ?? '')) at += 1
      const rows = lines.slice(from, at + 1).filter((row) => !isRuler(row))
      blocks.push({ kind: 'table', rows: rows.map((row) => cellsOf(row).map((cell) => inline(cell.trim()))) })
    } else if (version === 'v2' && /^\s*(---+|\*\*\*+)\s*$/.test(line)) blocks.push({ kind: 'rule' })
    else if (version === 'v2' && /^\s*([-*+]|\d+\.)\s+/.test(line))
      blocks.push({ kind: 'item', parts: inline(line.replace(/^\s*[-*+]\s+/, '')) })
    else blocks.push({ kind: 'line', parts: inline(line) })
  }
  return blocks
}
