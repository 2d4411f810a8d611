import { expect, it } from 'vitest'
import { BroadcastDraft } from '@zhiyin/shared/broadcast'
import { broadcastOf, emptyDraft } from './draft.ts'

const whole = { ...emptyDraft(), contentId: 'cnt_1' }

it('asks for nothing before a content is chosen or while a tag is missing', () => {
  expect(broadcastOf(emptyDraft())).toBeNull()
  const condition = { type: 'tag', tagId: '', tag: '' } as const
  expect(broadcastOf({ ...whole, condition })).toBeNull()
  expect(broadcastOf({ ...whole, kind: 'groups', condition })).not.toBeNull()
})

it('is what the server takes, for customers and for groups', () => {
  const toCustomers = broadcastOf({
    ...whole,
    userids: ['lina'],
    at: '2026-06-01T02:00:00.000Z',
    fallback: 'task',
    priority: 80,
  })
  expect(BroadcastDraft.parse(toCustomers)).toEqual({
    audience: { kind: 'customers', condition: { type: 'all', of: [] }, userids: ['lina'] },
    contentId: 'cnt_1',
    sender: 'newest',
    fallback: 'task',
    priority: 80,
    onLoss: 'wait',
    expireHours: 72,
    at: '2026-06-01T02:00:00.000Z',
  })
  const toGroups = broadcastOf({ ...whole, kind: 'groups', onLoss: 'fallback', tiers: ['A'], userids: ['lina'] })
  expect(BroadcastDraft.parse(toGroups)).toMatchObject({
    audience: { kind: 'groups', tiers: ['A'], owners: ['lina'] },
    fallback: null,
    onLoss: 'wait',
  })
})
