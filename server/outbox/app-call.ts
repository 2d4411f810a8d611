import { appParts, type AppMessage } from '@zhiyin/shared/app-message'
import { because } from '@zhiyin/shared/because'
import { wecomOf, type AppSent, type AppWire, type WecomWrite } from '../wecom/types.ts'
import { appMessagesOf } from './body-messages.ts'
import type { Files } from './files.ts'
import type { IntentDoc } from './intents.model.ts'
import { done, type Outcome } from './outcome.ts'
import type { Pace } from './pace.ts'

const CODE_USED = 60140
const TOO_OLD = 42052
const namesShown = 10

type Deps = {
  write: Pick<WecomWrite, 'sendAppMessage' | 'updateCard' | 'recallAppMessage'>
  files: Files
  pace: Pick<Pace, 'members'>
}

type Said = Exclude<AppMessage, { kind: 'card_update' | 'recall' }>

const partsOf = ({ app, body }: Pick<IntentDoc, 'app' | 'body'>): AppMessage[] => {
  if (app) return appParts(app)
  return body === null ? [] : appMessagesOf(body).flatMap(appParts)
}

const isSaid = (part: AppMessage): part is Said => part.kind !== 'card_update' && part.kind !== 'recall'

/** The receivers of an app message. */
export const receiversOf = ({ userid, userids }: Pick<IntentDoc, 'userid' | 'userids'>): readonly string[] =>
  userids ?? (userid === null ? [] : [userid])

/** What the app says to members, within what each of them may get; null when the intent says nothing. Throws as the adapter does. */
export const createAppCall = ({ write, files, pace }: Deps) => {
  type Sent = Awaited<ReturnType<WecomWrite['sendAppMessage']>>
  const send = (userids: readonly string[], part: Said): Promise<Sent> => {
    const to = (message: AppWire): Promise<Sent> => write.sendAppMessage({ userids, message })
    if (!('assetId' in part)) return to(part)
    return files.withId(part, 'message', (mediaId) =>
      to(
        part.kind === 'video'
          ? { kind: 'video', mediaId, title: part.title, description: part.description }
          : { kind: part.kind, mediaId },
      ),
    )
  }

  const say = async (userids: readonly string[], parts: readonly Said[]): Promise<Outcome> => {
    const waitMs = await pace.members(userids, parts.length)
    if (waitMs > 0) return { kind: 'later', afterMs: waitMs, because: [] }
    const answers: AppSent[] = []
    const lost = new Set<string>()
    for (const part of parts) {
      const { sent, invalid } = await send(userids, part)
      answers.push(...sent)
      for (const userid of invalid) lost.add(userid)
    }
    if (lost.size >= userids.length) return { kind: 'failed', because: [because('send.unreachable')] }
    const who = [...lost].slice(0, namesShown).join(', ')
    const some = lost.size > 0 ? [because('send.members_unreached', { count: lost.size, who })] : []
    return { ...done, answers, because: some }
  }

  /** A code works once: when an earlier call of ours may have used it, its refusal says that it did. */
  const change = async (act: Promise<void>, repeated: boolean): Promise<Outcome> => {
    try {
      await act
      return done
    } catch (error) {
      const errcode = wecomOf(error)?.errcode
      if (errcode === CODE_USED) return repeated ? done : { kind: 'failed', because: [because('send.card_over')] }
      if (errcode === TOO_OLD) return { kind: 'failed', because: [because('send.recall_late')] }
      throw error
    }
  }

  return async (intent: IntentDoc, repeated: boolean): Promise<Outcome | null> => {
    const userids = receiversOf(intent)
    const parts = partsOf(intent)
    const [first] = parts
    if (first === undefined || userids.length === 0) return null
    if (first.kind === 'recall') return change(write.recallAppMessage(first.msgid), repeated)
    if (first.kind === 'card_update')
      return change(write.updateCard({ userids, code: first.code, card: first.card }), repeated)
    return say(userids, parts.filter(isSaid))
  }
}

export type AppCall = ReturnType<typeof createAppCall>
