import type { Line } from './api.ts'
import type { Directory } from './directory.ts'
import { parseMarkdown } from './markdown.ts'

type ConversationKind = 'single' | 'group' | 'app' | 'mass'

export interface Conversation {
  /** The other side's id, a group's chat_id, `app` or `mass`; also what the address bar and the tests call it. */
  id: string
  kind: ConversationKind
  title: string
  /** Text of the newest line known, empty if none. */
  preview: string
  /** Epoch ms of the newest line, or of the acquaintance. */
  at: number
  unread: number
}

/** A ledger line with the order in which this page learnt of it: the clock can jump back, arrival can't. */
export interface Arrival {
  seq: number
  line: Line
}

/** Whose conversation a line belongs to, as `me` sees it; undefined when it is none of theirs. */
export function conversationOf(line: Line, me: string): string | undefined {
  if (line.to.kind === 'group') return line.to.id
  if (line.to.id === me) return line.via === 'app' ? 'app' : line.from
  return line.from === me ? line.to.id : undefined
}

interface Newest {
  line: Line
  unread: number
}

/** Newest line and unread count per conversation. `seen` holds the last order number looked at, `since` what counts as old. */
export function newestOf(arrivals: readonly Arrival[], me: string, seen: ReadonlyMap<string, number>, since: number) {
  const newest = new Map<string, Newest>()
  for (const { seq, line } of arrivals) {
    const id = conversationOf(line, me)
    if (id === undefined) continue
    const isNew = line.from !== me && seq > Math.max(since, seen.get(id) ?? 0)
    newest.set(id, { line, unread: (newest.get(id)?.unread ?? 0) + (isNew ? 1 : 0) })
  }
  return newest
}

/** The list shows Markdown without its marks. */
function previewOf({ msgtype, text }: Line): string {
  if (!msgtype.startsWith('markdown')) return text
  return parseMarkdown(text)
    .map((row) => row.spans.map((span) => span.text).join(''))
    .join(' ')
}

export function conversationsOf(
  directory: Directory,
  me: string,
  newest: ReadonlyMap<string, Newest>,
  titles: { app: string; mass: string },
  massPreview: string,
): Conversation[] {
  const isMember = directory.member(me) !== undefined
  const row = (kind: ConversationKind, id: string, title: string, metAt: number): Conversation => {
    const latest = newest.get(id)
    return {
      id,
      kind,
      title,
      preview: latest ? previewOf(latest.line) : '',
      at: latest?.line.at ?? metAt,
      unread: latest?.unread ?? 0,
    }
  }
  const people = directory.relationsOf(me).map((pair) => {
    const other = isMember ? pair.external_userid : pair.userid
    return row('single', other, directory.nameOf(other, me), pair.createtime)
  })
  const groups = directory.groupsOf(me).map((group) => {
    const joined = group.members.find((member) => member.id === me)?.join_time ?? 0
    return row('group', group.chat_id, group.name, joined)
  })
  const spoken = [...people, ...groups].sort((a, b) => b.at - a.at || a.id.localeCompare(b.id))
  if (!isMember) return spoken
  const mass = { ...row('mass', 'mass', titles.mass, 0), preview: massPreview }
  return [mass, row('app', 'app', titles.app, 0), ...spoken]
}
