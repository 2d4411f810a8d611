import { because } from '@zhiyin/shared/because'
import { groupVarsOf, groupWhoOf, varsOf, whoOf } from '../content/read.ts'
import { chooseSender, type WantInput } from '../outbox/read.ts'
import type { CustomerView } from '../profile/view.ts'
import { repsOf, type Receivers } from './audience.ts'
import type { BroadcastDoc } from './broadcasts.model.ts'
import type { CustomerGroup, Names, Render } from './types.ts'

const hourMs = 3_600_000

/** A broadcast that exists, or one that is only tried. */
export type Sending = Pick<
  BroadcastDoc,
  | '_id'
  | 'name'
  | 'audience'
  | 'within'
  | 'contentId'
  | 'sender'
  | 'fallback'
  | 'expireHours'
  | 'at'
  | 'priority'
  | 'onLoss'
>

type Deps = { render: Render; names: Names; lastTalk: (customerId: string) => Promise<string | null> }

/** Makes the intents of a broadcast for some of its receivers: the tier's variant, by the rep chosen. What cannot go says why. */
export const createIntents = ({ render, names, lastTalk }: Deps) => {
  const about = ({ _id, name, at, expireHours, contentId, priority, onLoss }: Sending) => ({
    contentId,
    cause: { broadcastId: _id, broadcast: name },
    expiresAt: new Date(at.getTime() + expireHours * hourMs),
    ...(priority === undefined ? {} : { priority }),
    ...(onLoss === undefined ? {} : { onLoss }),
  })

  const toCustomer = async (
    sending: Sending,
    view: CustomerView,
    called: ReadonlyMap<string, string>,
  ): Promise<WantInput> => {
    const { audience, within, sender: choice, contentId, at } = sending
    const among = audience.kind === 'customers' ? repsOf(audience.userids, within) : within
    const several = view.follows.filter(({ state }) => state === 'following').length > 1
    const talked = choice === 'last_talk' && several ? await lastTalk(view.id) : null
    const asked = { choice, lastTalk: talked, names: called, ...(among === null ? {} : { among }) }
    const chosen = chooseSender(view, asked)
    const saidBy = (rep: string | null) => {
      const vars = varsOf(view, rep === null ? null : (called.get(rep) ?? null), at)
      return render(contentId, whoOf(view), vars)
    }
    const said = await saidBy(chosen?.userid ?? null)
    const body = said?.body ?? null
    const other = chosen?.other ?? null
    const otherBody = other === null ? null : ((await saidBy(other))?.body ?? null)
    const noBody = body === null ? because('block.no_variant', { tier: view.tier.tier }) : null
    return {
      ...about(sending),
      ...(said === null ? {} : { variant: said.variant }),
      key: `broadcast:${sending._id}:${view.id}`,
      channel: 'mass',
      customerId: view.id,
      externalUserId: view.externalUserId,
      userid: chosen?.userid ?? null,
      body,
      sender: chosen?.because ?? null,
      fallback: {
        other: other === null || otherBody === null ? null : { userid: other, body: otherBody },
        choice: sending.fallback,
      },
      refusal: noBody ?? (chosen === null ? because('block.no_rep') : null),
    }
  }

  const toGroup = async (
    sending: Sending,
    group: CustomerGroup,
    called: ReadonlyMap<string, string>,
  ): Promise<WantInput> => {
    const vars = groupVarsOf(group, called.get(group.owner ?? '') ?? null)
    const said = await render(sending.contentId, groupWhoOf(group), vars)
    const body = said?.body ?? null
    return {
      ...about(sending),
      ...(said === null ? {} : { variant: said.variant }),
      key: `broadcast:${sending._id}:${group.id}`,
      channel: 'group_mass',
      groupId: group.id,
      chatId: group.chatId,
      userid: group.owner,
      body,
      refusal: body === null ? because('block.no_variant', { tier: group.tier }) : null,
    }
  }

  return async (sending: Sending, receivers: Receivers): Promise<WantInput[]> => {
    if (receivers.kind === 'groups') {
      const called = await names([...new Set(receivers.list.flatMap(({ owner }) => owner ?? []))])
      return Promise.all(receivers.list.map((group) => toGroup(sending, group, called)))
    }
    const reps = receivers.list.flatMap(({ follows }) => follows.map(({ userid }) => userid))
    const called = await names([...new Set(reps)])
    return Promise.all(receivers.list.map((view) => toCustomer(sending, view, called)))
  }
}

export type IntentsOf = ReturnType<typeof createIntents>
