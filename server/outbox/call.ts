import type { ContentBody } from '@zhiyin/shared/content'
import { cutBytes } from '@zhiyin/shared/bytes'
import { AppError } from '../platform/errors.ts'
import type { WecomWrite } from '../wecom/types.ts'
import { because } from '@zhiyin/shared/because'
import type { IntentDoc } from './intents.model.ts'
import { done, outcomeOf, type Outcome } from './outcome.ts'
import type { RobotPace } from './pace.ts'

/** Texts to members and robots hold 2048 bytes (apis.md §18, §19). */
const maxTextBytes = 2048

/** Where attachments cannot go, a link goes as its address. */
const plain = (body: ContentBody): string => {
  const links = body.attachments.flatMap((each) => (each.type === 'link' ? [`${each.title} ${each.url}`] : []))
  return cutBytes([body.text, ...links].join('\n'), maxTextBytes)
}

/** Everything that goes out in one call: one intent, or the receivers of one mass message. */
export type Group = { readonly first: IntentDoc; readonly intents: readonly IntentDoc[] }

const incomplete: Outcome = { kind: 'failed', because: [because('send.refused', { errcode: 0, hint: 'incomplete' })] }

type Deps = {
  write: WecomWrite
  /** The robot's address of an internal group; null when it has none. */
  webhookOf: (groupId: string) => Promise<string | null>
  pace: RobotPace
}

/** Makes the one call of a group. Never throws: whatever happens is an outcome. */
export const createCall = ({ write, webhookOf, pace }: Deps) => {
  const massOf = async ({ first, intents }: Group): Promise<Outcome> => {
    const { userid, body } = first
    if (userid === null || body === null) return incomplete
    const single = first.channel === 'mass'
    const ids = intents.flatMap((intent) => (single ? intent.externalUserId : intent.chatId) ?? [])
    const sent = await write.addMassMessage({
      chatType: single ? 'single' : 'group',
      sender: userid,
      ...(single ? { externalUserIds: ids } : { chatIds: ids }),
      body,
    })
    return { kind: 'sent', msgid: sent.msgid, failed: new Set(sent.failList) }
  }

  const robotOf = async ({ groupId, body }: IntentDoc): Promise<Outcome> => {
    if (groupId === null || body === null) return incomplete
    const webhook = await webhookOf(groupId)
    if (webhook === null) return incomplete
    const waitMs = await pace(groupId)
    if (waitMs > 0) return { kind: 'later', afterMs: waitMs, because: [] }
    await write.sendRobot(webhook, { msgtype: 'text', content: plain(body) })
    return done
  }

  const singleOf = async (intent: IntentDoc): Promise<Outcome> => {
    const { channel, body, code, userid, externalUserId, tags } = intent
    if (channel === 'welcome' && code !== null && body !== null) {
      await write.sendWelcome(code, body)
      return done
    }
    if (channel === 'app' && userid !== null && body !== null) {
      const sent = await write.sendAppMessage({ userid, text: plain(body) })
      return sent.invalid ? { kind: 'failed', because: [because('send.unreachable')] } : done
    }
    if (channel === 'mark_tag' && userid !== null && externalUserId !== null && tags !== null) {
      await write.markTag({ userid, externalUserId, add: tags.add, remove: tags.remove })
      return done
    }
    return incomplete
  }

  return async (group: Group, repeated: boolean): Promise<Outcome> => {
    const { channel } = group.first
    try {
      if (channel === 'mass' || channel === 'group_mass') return await massOf(group)
      return channel === 'robot' ? await robotOf(group.first) : await singleOf(group.first)
    } catch (error) {
      // A body WeCom cannot take is found before the call.
      if (error instanceof AppError && error.code === 'request.invalid')
        return { kind: 'failed', because: [because('send.refused', { errcode: 0, hint: error.message })] }
      return outcomeOf(error, channel, repeated)
    }
  }
}

export type Call = ReturnType<typeof createCall>
