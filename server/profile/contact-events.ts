import { because } from '@zhiyin/shared/because'
import type { EventRecord, On } from '@zhiyin/shared/events'
import type { FactPayload, NewFact } from '@zhiyin/shared/fact'
import type { Log } from '../platform/log.ts'
import { erasedId } from './erased.ts'
import { knownAs, type FetchContact } from './fetch-contact.ts'
import type { Identity } from './identity.ts'
import type { KnownChannel } from './snapshot.ts'
import { assigned, handedOverId, takenOverId, transferFailedId, type HandOver } from './hand-over.ts'
import { addedId } from './snapshot-news.ts'
import type { TagChange } from './tagging.ts'

export type ContactEventDeps = {
  log: Log
  fetchContact: FetchContact
  channelByState: (state: string) => Promise<KnownChannel | null>
  tag: (change: TagChange) => Promise<void>
  ensureCustomer: (identities: readonly Identity[]) => Promise<string>
  append: (facts: readonly NewFact[]) => Promise<unknown>
  /** The hand-over, of our own making, that gave this rep the customer (`to`) or took the customer away (`from`); null when there is none. */
  handOverOf: (
    pair: { userid: string; externalUserId: string },
    side: 'from' | 'to',
    at: Date,
  ) => Promise<HandOver | null>
}

type Added = 'change_external_contact.add_external_contact' | 'change_external_contact.add_half_external_contact'
type Deleted = 'change_external_contact.del_follow_user' | 'customer_acquisition.del_follow_user'
type Failed = 'change_external_contact.transfer_fail'
type Spoken = 'customer_acquisition.customer_start_chat' | 'customer_acquisition.message_from_customer'

/** What the profile does with each callback about a customer. Every handler may be repeated; facts carry their own identity. */
export const createContactEvents = (deps: ContactEventDeps) => {
  const { log, fetchContact, channelByState, tag, ensureCustomer, append, handOverOf } = deps

  const added = async (record: EventRecord<Added>): Promise<void> => {
    const { userid, externalUserId, welcomeCode } = record.fields
    // A hand-over brings neither; where nobody holds them any more, nothing tells the two apart.
    const byThemselves = welcomeCode !== undefined || record.fields.state !== undefined
    // The name first, so that whoever greets the customer knows it; then the fact, which sets everything going.
    const { detail, customerId } = await fetchContact(externalUserId, {
      addedAt: byThemselves ? record.createTime : undefined,
      alreadyTold: userid,
    })
    if (customerId === erasedId) return
    const follow = detail?.follows.find((one) => one.userid === userid)
    const state = record.fields.state ?? follow?.state
    const channel = state === undefined ? null : await channelByState(state)
    const half = record.event === 'change_external_contact.add_half_external_contact'
    // Whoever is handed over brings neither a welcome code nor a state.
    const alone = welcomeCode === undefined && state === undefined
    const handOver = alone ? await handOverOf({ userid, externalUserId }, 'to', record.createTime) : null
    const takenOver = handOver !== null || (alone && follow?.addWay === assigned)
    const payload: FactPayload<'contact.added'> = {
      userid,
      ...(state === undefined ? {} : { state }),
      ...(channel === null ? {} : { channelId: channel.id, channelName: channel.name }),
      ...(follow?.addWay === undefined ? {} : { addWay: follow.addWay }),
      ...(half ? { half } : {}),
      ...(takenOver ? { transfer: true } : {}),
      ...(handOver === null ? {} : { from: handOver.from }),
    }
    await append([
      {
        id:
          handOver === null
            ? addedId(half ? 'half' : 'added', userid, externalUserId, record.createTime)
            : takenOverId(handOver),
        customerId,
        type: 'contact.added',
        at: record.createTime,
        source: 'wecom',
        payload,
      },
    ])
    if (channel !== null)
      await tag({
        key: record.key,
        customerId,
        externalUserId,
        userid,
        add: channel.tagIds,
        remove: [],
        because: because('tag.by_channel', { channel: channel.name }),
        at: record.createTime,
        source: 'wecom',
      })
  }

  const edited = async (externalUserId: string): Promise<void> => {
    await fetchContact(externalUserId)
  }

  const deletedByRep = async (record: EventRecord<'change_external_contact.del_external_contact'>): Promise<void> => {
    const { userid, externalUserId, source } = record.fields
    const customerId = await ensureCustomer(knownAs(externalUserId))
    const transfer = source === 'DELETE_BY_TRANSFER'
    const handOver = transfer ? await handOverOf({ userid, externalUserId }, 'from', record.createTime) : null
    await append([
      {
        id: handOver === null ? `contact.deleted_by_rep:${record.key}` : handedOverId(handOver),
        customerId,
        type: 'contact.deleted_by_rep',
        at: record.createTime,
        source: 'wecom',
        payload: { userid, ...(transfer ? { transfer } : {}), ...(handOver === null ? {} : { to: handOver.to }) },
      },
    ])
  }

  /** Both events tell of one deletion, so its identity is the pair and the second, not the event. */
  const deletedByCustomer = async ({ fields, createTime }: EventRecord<Deleted>): Promise<void> => {
    const { userid, externalUserId } = fields
    const customerId = await ensureCustomer(knownAs(externalUserId))
    await append([
      {
        id: `contact.deleted_by_customer:${userid}:${externalUserId}:${Math.floor(createTime.getTime() / 1000)}`,
        customerId,
        type: 'contact.deleted_by_customer',
        at: createTime,
        source: 'wecom',
        payload: { userid },
      },
    ])
  }

  const transferFailed = async ({ key, fields, createTime }: EventRecord<Failed>): Promise<void> => {
    const { userid, externalUserId, failReason } = fields
    const customerId = await ensureCustomer(knownAs(externalUserId))
    const handOver = await handOverOf({ userid, externalUserId }, 'to', createTime)
    await append([
      {
        id: handOver === null ? `contact.transfer_failed:${key}` : transferFailedId(handOver),
        customerId,
        type: 'contact.transfer_failed',
        at: createTime,
        source: 'wecom',
        payload: { userid, reason: failReason, ...(handOver === null ? {} : { from: handOver.from }) },
      },
    ])
  }

  const replied = async ({ key, event, fields, createTime }: EventRecord<Spoken>): Promise<void> => {
    // Newer messages carry only a chat key, which nothing here can read yet.
    if (fields.externalUserId === undefined) return log.info({ event, key }, 'an answer without a customer; left out')
    const customerId = await ensureCustomer(knownAs(fields.externalUserId))
    await append([
      {
        id: `customer.replied:${key}`,
        customerId,
        type: 'customer.replied',
        at: createTime,
        source: 'wecom',
        payload: { via: 'wecom', ...(fields.userid === undefined ? {} : { userid: fields.userid }) },
      },
    ])
  }

  return { added, edited, deletedByRep, deletedByCustomer, transferFailed, replied }
}

/** Registers the profile's handlers with the inbox. */
export const contactEventHandlers =
  (deps: ContactEventDeps) =>
  (on: On): void => {
    const events = createContactEvents(deps)
    const profile = 'profile'
    on('change_external_contact.add_external_contact', { name: profile, lane: 'now', run: events.added })
    on('change_external_contact.add_half_external_contact', { name: profile, lane: 'now', run: events.added })
    on('change_external_contact.edit_external_contact', {
      name: profile,
      lane: 'soon',
      run: (record) => events.edited(record.fields.externalUserId),
    })
    on('change_external_contact.del_external_contact', { name: profile, lane: 'soon', run: events.deletedByRep })
    on(['change_external_contact.del_follow_user', 'customer_acquisition.del_follow_user'], {
      name: profile,
      lane: 'soon',
      run: events.deletedByCustomer,
    })
    on(['customer_acquisition.customer_start_chat', 'customer_acquisition.message_from_customer'], {
      name: profile,
      lane: 'soon',
      run: events.replied,
    })
    on('change_external_contact.transfer_fail', {
      name: profile,
      lane: 'soon',
      run: events.transferFailed,
    })
  }
