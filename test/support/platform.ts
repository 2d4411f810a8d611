import type { Clock } from '../../server/platform/clock.ts'
import { WecomError } from '../../server/wecom/errors.ts'
import type { GroupMessageResult, MessageBody, WecomRead, WecomWrite } from '../../server/wecom/types.ts'

type Mass = {
  msgid: string
  at: Date
  chatType: 'single' | 'group'
  sender: string
  to: string[]
  body: MessageBody
  confirmed: boolean
  results: Map<string, GroupMessageResult['status']>
}

/** `lost`: done, but the answer does not come; `cut`: not done and no answer; a number: that errcode. */
type Fault = 'lost' | 'cut' | 'busy' | number

/**
 * WeCom's behaviour behind the interfaces the outbox calls: messages wait for the rep, codes work once, app messages are
 * de-duplicated. `sent` is what people really got.
 */
export const pretendPlatform = (clock: Clock) => {
  const masses: Mass[] = []
  const sent: { to: string; text: string; channel: string }[] = []
  const tags: string[] = []
  const codes = new Set<string>()
  const faults: Fault[] = []
  const unreachable = new Set<string>()
  let calls = 0
  let lastApp = ''

  const error = (kind: ConstructorParameters<typeof WecomError>[0]['kind'], errcode = 0): WecomError =>
    new WecomError({ kind, path: '/x', errcode, hint: 'hint' })

  const during = async <T>(work: () => T): Promise<T> => {
    calls += 1
    const fault = faults.shift()
    if (fault === 'cut') throw error('ambiguous')
    if (fault === 'busy') throw error('busy', -1)
    if (typeof fault === 'number') throw error('refused', fault)
    const answer = work()
    if (fault === 'lost') throw error('ambiguous')
    return answer
  }

  const write: WecomWrite = {
    sendWelcome: (code, body) =>
      during(() => {
        if (codes.has(code)) throw error('refused', 41051)
        codes.add(code)
        sent.push({ to: code, text: body.text, channel: 'welcome' })
      }),
    addMassMessage: ({ chatType, sender, externalUserIds, chatIds, body }) =>
      during(() => {
        const all = externalUserIds ?? chatIds ?? []
        const to = all.filter((id) => !unreachable.has(id))
        const msgid = `m${masses.length + 1}`
        const results = new Map(to.map((id) => [id, 'not_sent' as const]))
        masses.push({ msgid, at: clock.date(), chatType, sender, to, body, confirmed: false, results })
        return { msgid, failList: all.filter((id) => unreachable.has(id)) }
      }),
    sendAppMessage: ({ userid, text }) =>
      during(() => {
        const same = `${userid} ${text}`
        if (lastApp !== same) sent.push({ to: userid, text, channel: 'app' })
        lastApp = same
        return { msgid: 'a', invalid: false }
      }),
    sendRobot: (webhook, { content }) =>
      during(() => {
        sent.push({ to: webhook, text: content, channel: 'robot' })
      }),
    markTag: ({ userid, externalUserId, add, remove }) =>
      during(() => {
        tags.push(`${userid} ${externalUserId} +${add.join()} -${remove.join()}`)
      }),
    remark: async () => undefined,
  }

  const find = (msgid: string): Mass | undefined => masses.find((mass) => mass.msgid === msgid)

  const read: Pick<WecomRead, 'listGroupMessages' | 'groupMessageTasks' | 'groupMessageResults'> = {
    listGroupMessages: async ({ chatType, from, to }) =>
      masses
        .filter((mass) => mass.chatType === chatType && mass.at >= from && mass.at <= to)
        .map(({ msgid, at, body, sender }) => ({ msgid, createdAt: at, text: body.text, creator: sender })),
    groupMessageTasks: async (msgid) => {
      const mass = find(msgid)
      return mass === undefined ? [] : [{ userid: mass.sender, sent: mass.confirmed }]
    },
    groupMessageResults: async (msgid) =>
      [...(find(msgid)?.results ?? [])].map(([id, status]) => ({ externalUserId: id, status })),
  }

  return {
    write,
    read,
    masses,
    sent,
    tags,
    faults,
    unreachable,
    calls: () => calls,
    /** The rep presses send; `bad` end otherwise. */
    confirm(msgid: string, bad: Readonly<Record<string, GroupMessageResult['status']>> = {}): void {
      const mass = find(msgid)
      if (mass === undefined) throw new Error(`no message ${msgid}`)
      mass.confirmed = true
      for (const id of mass.to) {
        const status = bad[id] ?? 'sent'
        mass.results.set(id, status)
        if (status === 'sent') sent.push({ to: id, text: mass.body.text, channel: 'mass' })
      }
    },
  }
}

export type PretendPlatform = ReturnType<typeof pretendPlatform>
