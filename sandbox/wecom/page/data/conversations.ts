import type { Line } from './api.ts'
import type { Directory } from './directory.ts'
import { parseMarkdown } from './markdown.ts'

type ConversationKind = 'single' | 'group' | 'app' | 'mass' | 'moments'

export interface Conversation {
  /** The other side's id, a group's chat_id, `app`, `bot`, `notice`, `moments` or `mass`; also what the address bar and the tests call it. */
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

/** What the app says to a member, and the AI bot. */
const BY_APP: readonly Line['via'][] = ['app', 'reply']

/** What has a place of its own in the list. */
const OWN: Partial<Record<Line['via'], string>> = { bot: 'bot', notice: 'notice', moment: 'moments' }

/** Whose conversation a line belongs to, as `me` sees it; undefined when it is none of theirs. */
export function conversationOf(line: Line, me: string, agentId: string): string | undefined {
  if (line.to.kind === 'group') return line.to.id
  if (line.to.id === me) {
    if (BY_APP.includes(line.via)) return 'app'
    return OWN[line.via] ?? line.from
  }
  if (line.from !== me) return undefined
  if (line.to.kind === 'app') return line.to.id === agentId ? 'app' : 'bot'
  return line.to.id
}

interface Newest {
  line: Line
  unread: number
}

/** Newest line and unread count per conversation. `seen` holds the last order number looked at, `since` what counts as old. */
export function newestOf(
  arrivals: readonly Arrival[],
  { me, agentId }: { me: string; agentId: string },
  seen: ReadonlyMap<string, number>,
  since: number,
) {
  const newest = new Map<string, Newest>()
  for (const { seq, line } of arrivals) {
    const id = conversationOf(line, me, agentId)
    if (id === undefined) continue
    const isNew = line.from !== me && seq > Math.max(since, seen.get(id) ?? 0)
    newest.set(id, { line, unread: (newest.get(id)?.unread ?? 0) + (isNew ? 1 : 0) })
  }
  return newest
}

/** The text a list shows: Markdown without its marks. */
export function previewOf({ msgtype, text }: Line): string {
  if (!msgtype.startsWith('markdown')) return text
  return parseMarkdown(text)
    .map((row) => row.spans.map((span) => span.text).join(''))
    .join(' ')
}

/** What waits for the member: the text of the next, and how many. */
interface Waiting {
  preview: string
  unread: number
}

/** What waits among moments, the next one's text first. */
export function firstMoment(moments: readonly { status: string; text: string }[]): Waiting {
  const waiting = moments.filter(({ status }) => status === 'waiting')
  return { preview: (waiting[0] ?? moments[0])?.text ?? '', unread: waiting.length }
}

export function conversationsOf(
  directory: Directory,
  me: string,
  newest: ReadonlyMap<string, Newest>,
  titles: { app: string; mass: string; notice: string; moments: string; bot?: string },
  helpers: { mass: Waiting; moments: Waiting },
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
  const ifAny = (id: string, title: string) => (newest.has(id) ? [row('app', id, title, 0)] : [])
  if (!isMember) return [...ifAny('moments', titles.moments), ...spoken]
  const mass = { ...row('mass', 'mass', titles.mass, 0), ...helpers.mass }
  const moments = { ...row('moments', 'moments', titles.moments, 0), ...helpers.moments }
  const bot = titles.bot === undefined ? [] : [row('app', 'bot', titles.bot, 0)]
  return [mass, moments, row('app', 'app', titles.app, 0), ...bot, ...ifAny('notice', titles.notice), ...spoken]
}
