import type { Clock } from '../platform/clock.ts'
import type { OpenSealed } from '../platform/vault.ts'
import type { WecomWrite } from '../wecom/types.ts'
import { because } from '@zhiyin/shared/because'
import type { AppCall } from './app-call.ts'
import { callMs, claimMs } from './claims.ts'
import { failureOf } from './failure.ts'
import type { IntentDoc } from './intents.model.ts'
import { markingOf } from './mark.ts'
import { bodyOf } from './merge.ts'
import { createWithMedia, wishes, type OutboxMedia } from './media.ts'
import { done, type Outcome } from './outcome.ts'

/** Everything that goes out in one call: one intent, or the receivers of one mass message. */
export type Group = { readonly first: IntentDoc; readonly intents: readonly IntentDoc[] }

const incomplete: Outcome = { kind: 'failed', because: [because('send.refused', { errcode: 0, hint: 'incomplete' })] }

type Deps = {
  /** Opens what is sealed in a message, for the call alone. */
  open: OpenSealed
  write: WecomWrite
  app: AppCall
  media: OutboxMedia
  clock: Clock
}

/** Makes the one call of a group; robots speak elsewhere (robots.ts). Never throws: whatever happens is an outcome. */
export const createCall = ({ write, app, media, clock, open }: Deps) => {
  const withMedia = createWithMedia(media)

  const massOf = async ({ first: sealed, intents }: Group): Promise<Outcome> => {
    const first = open(sealed)
    const { userid } = first
    const body = bodyOf(first)
    if (userid === null || body === null) return incomplete
    const single = first.channel === 'mass'
    const ids = intents.flatMap((intent) => (single ? intent.externalUserId : intent.chatId) ?? [])
    const until = (first.claim?.at.getTime() ?? 0) + claimMs(first.channel) - callMs
    const { sent, without } = await withMedia(
      body,
      wishes.mass,
      (message) =>
        write.addMassMessage({
          chatType: single ? 'single' : 'group',
          sender: userid,
          ...(single ? { externalUserIds: ids } : { chatIds: ids }),
          body: message,
        }),
      () => clock.now() < until,
    )
    return { kind: 'sent', msgid: sent.msgid, failed: new Set(sent.failList), because: without }
  }

  const singleOf = async (intent: IntentDoc, repeated: boolean): Promise<Outcome> => {
    const { channel, body, code } = intent
    if (channel === 'welcome' && code !== null && body !== null) {
      const { without } = await withMedia(body, wishes.welcome, (message) => write.sendWelcome(code, message))
      return { ...done, because: without }
    }
    if (channel === 'app') return (await app(intent, repeated)) ?? incomplete
    return incomplete
  }

  const markOf = async ({ intents }: Group): Promise<Outcome> => {
    const marking = markingOf(intents)
    if (marking === null) return incomplete
    await write.markTag(marking)
    return done
  }

  return async (group: Group, repeated: boolean): Promise<Outcome> => {
    const { channel } = group.first
    try {
      if (channel === 'mass' || channel === 'group_mass') return await massOf(group)
      if (channel === 'mark_tag') return await markOf(group)
      return await singleOf(open(group.first), repeated)
    } catch (error) {
      return failureOf(error, channel, repeated)
    }
  }
}

export type Call = ReturnType<typeof createCall>
