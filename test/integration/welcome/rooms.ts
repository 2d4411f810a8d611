import type { Fact } from '@zhiyin/shared/fact'
import { RuleInput } from '@zhiyin/shared/rule'
import type { Attachment } from '@zhiyin/shared/content'
import { awaitingOf } from '../../../server/events/kinds.ts'
import type { Mongo } from '../../../server/platform/mongo.ts'
import type { MovableClock } from '../../support/clock.ts'
import type { Platform } from '../../support/platform.ts'
import { sendingRooms } from '../../support/sending.ts'

const full = 'change_external_contact.add_external_contact'
const half = 'change_external_contact.add_half_external_contact'
type Trigger = Partial<Extract<RuleInput['trigger'], { type: 'customer.added' }>>

export type Add = {
  externalUserId: string
  code?: string | undefined
  at?: Date
  side?: 'half' | 'full'
  userid?: string
}

/** The sending rooms, with adds as WeCom's callbacks and as the profile's facts tell of them. */
export const welcomeRooms = (mongo: Mongo, clock: MovableClock, platform: Platform) => {
  const rooms = sendingRooms(mongo, clock, platform)
  const { rules, contents, facts, settle, customers } = rooms
  let told = 0

  const rule = async (
    text: string,
    asked: Trigger = {},
    more: { attachments?: Attachment[]; over?: Partial<RuleInput> } = {},
  ) => {
    const body = { text, attachments: more.attachments ?? [] }
    const { id: contentId } = await contents.create({ name: text.slice(0, 20), body, variants: [] }, 'm')
    const input = RuleInput.parse({
      name: text.slice(0, 20),
      trigger: { type: 'customer.added', ...asked },
      steps: [{ id: 's', type: 'send', channel: 'welcome', contentId }],
      limits: { reentryDays: 0 },
      ...more.over,
    })
    const { _id } = await rules.store.create(input, 'm')
    await rules.turnOn(_id, false, 'm', 'zh')
    // Of equal rules the one changed last greets, and the clock stands still.
    clock.advance(1)
    return _id
  }

  const record = ({ externalUserId, code, at, userid }: Add) => ({
    id: `inb_${(told += 1)}`,
    key: `k_${told}`,
    fields: { userid: userid ?? 'wang', externalUserId, state: 'ch1', welcomeCode: code },
    createTime: at ?? clock.date(),
    receivedAt: clock.date(),
  })

  /** The callback of an add, to the welcome's handler. */
  const callback = async (add: Add): Promise<void> => {
    if (add.side === 'half') await rules.handlers[half]?.[0]?.run({ ...record(add), event: half })
    else await rules.handlers[full]?.[0]?.run({ ...record(add), event: full })
  }

  /** The same add as a fact, shown to the rules after the fold. */
  const fact = async ({ externalUserId, at, side, userid }: Add): Promise<void> => {
    const time = at ?? clock.date()
    const rep = userid ?? 'wang'
    const customerId = [...customers.values()].find((view) => view.externalUserId === externalUserId)?.id ?? ''
    const added: Fact = {
      id: `contact.${side ?? 'added'}:${rep}:${externalUserId}:${time.getTime()}`,
      customerId,
      at: time,
      seenAt: time,
      type: 'contact.added',
      source: 'wecom',
      payload: {
        userid: rep,
        state: 'ch1',
        channelId: 'ch1',
        channelName: 'ch1',
        ...(side === 'half' ? { half: true } : {}),
      },
    }
    await rules.match(customerId, [added])
  }

  const shown = new Set<string>()
  /** Shows the rules what the rooms have appended to the timeline, as its delivery does. */
  const deliver = async (): Promise<void> => {
    for (const one of [...facts.values()]) {
      if (shown.has(one.id) || !awaitingOf(one).includes('rules')) continue
      shown.add(one.id)
      await rules.match(one.customerId, [{ ...one, seenAt: one.at }])
    }
  }

  return {
    ...rooms,
    rule,
    callback,
    fact,
    /** Everything that follows, until nothing does. */
    async settle(): Promise<void> {
      await settle()
      await deliver()
      await settle()
    },
    openTasks: async () => (await rooms.tasks.list({ scope: null, state: 'open', limit: 50 })).items,
    welcomes: async () => (await rooms.sends.list({ scope: null, channel: 'welcome', limit: 50 })).items,
  }
}
