import type { Connection } from 'mongoose'

/**
 * Documents as the build before the five layers kept them (ece21d4 of this repository): customers without levels, events and consents of
 * their own, phones in clear, consent as a trait, who met as one conflict, an index of facts that is another now.
 */

const day = (n: number, hour = 0): Date => new Date(Date.UTC(2026, 6, 1 + n, hour))
const ordered = (id: string, at: Date, amount: number) => ({
  id,
  placed: { at, amount, categories: ['面霜'], product: '神经酰胺屏障面霜' },
  refunds: [],
})
const wecomTag = { id: 'tag_sensitive', name: '敏感肌', because: [{ code: 'tag.by_person', params: { by: '周可' } }] }

export const zhu = {
  _id: 'cus_1zhu',
  createdAt: day(0),
  updatedAt: day(40),
  rev: 21,
  state: {
    firstContactAt: day(0),
    firstReplyAt: null,
    lastSeenAt: day(13),
    orders: [ordered('o1', day(3), 30970), ordered('o2', day(13), 52570)],
    interactions: [],
    follows: [
      {
        userid: 'zhouke',
        added: { at: day(0), half: false, channelId: null, channelName: null, addWay: 1 },
        deleted: null,
        fullAt: day(0),
      },
    ],
    traits: [
      { key: 'marketing_consent', source: 'rep', value: 'withdrawn', at: day(20), by: 'zhouke' },
      { key: 'marketing_consent_note', source: 'rep', value: '消息太多', at: day(20), by: 'zhouke' },
      { key: 'phone', source: 'ingest', value: '13911983000', at: day(3), by: null },
    ],
    tags: [
      { ...wecomTag, on: true, at: day(2), source: 'rep' },
      { ...wecomTag, id: 'tag_gone', name: '召回过', on: false, at: day(4), source: 'rule' },
    ],
    groups: [{ chatId: 'wr_spring', name: '福利群', in: true, at: day(4) }],
    topics: [],
  },
  contact: {
    externalUserId: 'wm_zhu',
    name: '朱静',
    type: 1,
    gender: 2,
    follows: [{ userid: 'zhouke', createdAt: day(0), tagIds: [], mobiles: [] }],
    fetchedAt: day(30),
  },
  stage: { stage: 'active', since: day(13), because: [{ code: 'stage.active', params: {} }] },
  tier: {
    tier: 'B',
    group: 'idle',
    scores: { r: 4, f: 3, m: 3 },
    because: [{ code: 'tier.no_order', params: {} }],
    since: day(13),
  },
  stageVersion: 2,
  tierVersion: 2,
  workedOutAt: day(40),
  nextDueAt: day(43),
  lookAt: day(43),
  name: '朱静',
  externalUserId: 'wm_zhu',
  search: ['朱静'],
  phones: ['13911983000'],
  heldBy: ['zhouke'],
  follows: [{ userid: 'zhouke', state: 'following', since: day(0), channelId: null }],
  tagIds: ['tag_sensitive'],
  orders: 2,
  spend: 83540,
  lastSeenAt: day(13),
  lastOrderAt: day(13),
  lastProduct: '神经酰胺屏障面霜',
  medianGapDays: 10,
  activeAt: day(13),
  consent: 'withdrawn',
}

/** A visitor of the shop of whom nothing is known but a device and a number that is a phone. */
export const visitor = {
  ...zhu,
  _id: 'cus_2visitor',
  state: {
    ...zhu.state,
    firstContactAt: null,
    lastSeenAt: day(30),
    interactions: [
      { day: 20_630, marks: [-2, 7] },
      { day: 20_665, marks: [5] },
    ],
    orders: [],
    follows: [],
    traits: [],
    tags: [],
    groups: [],
  },
  contact: null,
  stage: { stage: 'new', since: day(30), because: [] },
  tier: { ...zhu.tier, tier: 'C', scores: { r: 1, f: 1, m: 1 }, since: day(30) },
  name: '未具名客户',
  externalUserId: null,
  search: ['未具名客户'],
  phones: [],
  heldBy: [],
  follows: [],
  tagIds: [],
  orders: 0,
  spend: 0,
  lastSeenAt: day(30),
  lastOrderAt: null,
  lastProduct: null,
  medianGapDays: null,
  activeAt: day(30),
  consent: 'unknown',
}

const fact = (n: number, customerId: string, type: string, at: Date, source: string, payload: object) => ({
  _id: `told:${n}`,
  customerId,
  type,
  at,
  seenAt: at,
  source,
  payload,
})
const order = (orderId: string, amount: number) => ({
  orderId,
  amount,
  currency: 'CNY',
  products: [{ name: '神经酰胺屏障面霜', category: '面霜' }],
})
const because = wecomTag.because

export const facts = [
  fact(1, zhu._id, 'contact.added', day(0), 'wecom', { userid: 'zhouke', addWay: 1 }),
  fact(2, zhu._id, 'tag.added', day(2), 'rep', { tagId: wecomTag.id, tag: wecomTag.name, because }),
  fact(3, zhu._id, 'order.completed', day(3), 'ingest', order('o1', 30970)),
  fact(4, zhu._id, 'profile.identified', day(3), 'ingest', { traits: { phone: '13911983000' }, source: 'ingest' }),
  fact(5, zhu._id, 'group.joined', day(4), 'wecom', { chatId: 'wr_spring', name: '福利群' }),
  fact(6, zhu._id, 'order.completed', day(13), 'ingest', order('o2', 52570)),
  fact(7, zhu._id, 'profile.identified', day(20), 'rep', {
    traits: { marketing_consent: 'withdrawn', marketing_consent_note: '消息太多' },
    source: 'rep',
    by: 'zhouke',
  }),
  fact(9, visitor._id, 'order.completed', day(60), 'ingest', order('tomorrow', 9900)),
  fact(8, visitor._id, 'behavior.tracked', day(30), 'ingest', { name: 'Page Viewed', properties: {} }),
]

const identityOf = (_id: string, customerId: string) => ({ _id, customerId, at: day(0) })
export const identities = [
  identityOf('external_userid:wm_zhu', zhu._id),
  identityOf('phone:13911983000', zhu._id),
  identityOf('user_id:13811983001', visitor._id),
  identityOf('anonymous_id:device-1', visitor._id),
]

const met = {
  _id: `${zhu._id} ${visitor._id} phone:13911983000`,
  customerIds: [zhu._id, visitor._id],
  identities: ['phone:13911983000'],
  at: day(30),
  decided: false,
}

/** Puts all of it where it was kept. */
export const keepFormer = async (connection: Connection): Promise<void> => {
  const put = async (name: string, docs: readonly { readonly _id: string }[]): Promise<void> => {
    await connection.collection<{ _id: string }>(name).insertMany([...docs])
  }
  await put('customers', [zhu, visitor])
  await put('facts', facts)
  await put('identities', identities)
  await put('identityConflicts', [met])
}
