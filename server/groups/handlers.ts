import { handlersOf, type EventHandlers, type EventRecord } from '@zhiyin/shared/events'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import { madeAt } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { Sync } from './sync.ts'
import { createTold } from './told.ts'

/** The member list behind an event may lag by some seconds (callbacks.md §6). */
const lagMs = 2_000
/** After so long a list that still lags is taken as it is, and a version nobody told of is a gap. */
const patienceMs = 8_000

/** A callback of this group never came: the event begins at a version that none before it ended with. */
type VersionGap = {
  readonly kind: 'group.version'
  readonly subject: string
  readonly because: { readonly last: string; readonly kept: string | null }
}

export type NoticedGap = (gap: VersionGap) => Promise<void> | void

type Deps = {
  mongo: Mongo
  clock: Clock
  sync: Pick<Sync, 'refresh' | 'dismiss' | 'ownerLeft' | 'tellPerson' | 'tell'>
  /** Makes sure that somebody stands as a customer. */
  ensureCustomer: (externalUserId: string) => Promise<unknown>
  noticed?: NoticedGap
}

/** What WeCom says has changed; anything else is a repair of ours. */
const details: ReadonlySet<string> = new Set([
  'add_member',
  'del_member',
  'change_owner',
  'change_name',
  'change_notice',
])

const again = (): AppError => new AppError('wecom.unreachable', { retry: { afterMs: lagMs }, status: 503 })

/** Changes of customer groups: the event is a hint, the group is read again unless its list is known to be as new as the event. */
export const groupHandlers = ({ mongo, clock, sync, ensureCustomer, noticed }: Deps): EventHandlers => {
  const told = createTold(mongo)

  /** An event that tells no versions; one that is no change of WeCom's own is a repair, and what comes next begins where it read. */
  const plain = async (chatId: string, repair: boolean): Promise<void> => {
    const version = await sync.refresh(chatId)
    if (repair && version !== null) await told.saw(chatId, version)
  }

  const moved = async (
    { fields, createTime, receivedAt }: EventRecord<'change_external_chat.update'>,
    { last, now }: { last: string; now: string },
  ): Promise<void> => {
    const { chatId } = fields
    // By our own clock: WeCom's may be ahead of it.
    const fresh = clock.now() - receivedAt.getTime() < patienceMs
    const note = async (): Promise<void> => {
      await told.saw(chatId, now)
      await told.passed(chatId, last)
    }
    // First of all, so that the events that come with this one find where they begin.
    await note()
    const quitKnown = await told.quit(fields, createTime)
    const before = await told.versions(chatId)
    const version = before?.memberVersion === now ? now : await sync.refresh(chatId)
    if (version === null) return
    await told.join(fields, createTime)
    if (before === null) return note()
    const chain = (await told.versions(chatId)) ?? before
    // A version that an event has begun at is known to be over. The event that ends the chain waits until the list has come so far.
    const stale = version !== now && chain.passed.includes(version)
    const late = stale && !chain.passed.includes(now)
    // Where an event began that happened before the group was first read, nobody could have told us.
    const follows = chain.seen.includes(last) || (await told.before(madeAt(chain._id), fields, createTime))
    if (fields.updateDetail === 'add_member' && !stale && (await told.brief(fields, createTime, clock.date())))
      await sync.tell(chatId)
    if ((late || !follows || !quitKnown) && fresh) throw again()
    if (follows) return
    await noticed?.({ kind: 'group.version', subject: chatId, because: { last, kept: before.memberVersion } })
    await told.saw(chatId, last)
  }

  const update = (record: EventRecord<'change_external_chat.update'>): Promise<void> => {
    const { chatId, updateDetail, lastMemVer: last, curMemVer: now } = record.fields
    if (last === undefined || now === undefined) return plain(chatId, !details.has(updateDetail))
    return moved(record, { last, now })
  }

  return handlersOf((on) => {
    on('change_external_chat.create', {
      name: 'groups',
      lane: 'soon',
      run: async ({ fields }) => void (await sync.refresh(fields.chatId)),
    })
    on('change_external_chat.update', { name: 'groups', lane: 'soon', run: update })
    on('change_external_chat.dismiss', {
      name: 'groups',
      lane: 'soon',
      run: ({ fields }) => sync.dismiss(fields.chatId),
    })
    on(['change_external_contact.add_external_contact', 'change_external_contact.add_half_external_contact'], {
      name: 'groups',
      lane: 'soon',
      run: async ({ fields: { externalUserId } }) => {
        await ensureCustomer(externalUserId)
        await sync.tellPerson(externalUserId)
      },
    })
    on('change_contact.delete_user', {
      name: 'groups',
      lane: 'soon',
      run: ({ fields }) => sync.ownerLeft(fields.userid),
    })
  })
}
