import { describe, expect, it } from 'vitest'
import { buildView } from '../../test/support/sending.ts'
import { chooseSender } from './sender.ts'

const names = new Map([
  ['wang', '王伟'],
  ['lina', '李娜'],
  ['zhao', '赵敏'],
])
const follow = (userid: string, days: number, state: 'following' | 'deleted_by_rep' = 'following') => ({
  userid,
  state,
  since: new Date(days * 86_400_000),
  channelId: null,
})
const three = buildView({ id: 'c', follows: [follow('zhao', 30), follow('lina', 20), follow('wang', 10)] })

describe('of several reps who hold a customer', () => {
  it.each([
    ['brought', { brought: 'lina' }, 'lina', 'send.sender_brought'],
    ['last_talk', { lastTalk: 'wang' }, 'wang', 'send.sender_last_talk'],
    ['longest', {}, 'wang', 'send.sender_longest'],
    ['newest', {}, 'zhao', 'send.sender_newest'],
    // Nobody fits: who added them last.
    ['brought', { brought: 'gone' }, 'zhao', 'send.sender_newest'],
    ['last_talk', {}, 'zhao', 'send.sender_newest'],
  ] as const)('%s %o: %s sends, and says why', (choice, known, userid, code) => {
    expect(chooseSender(three, { choice, names, ...known })).toMatchObject({
      userid,
      because: { code, params: { rep: names.get(userid) } },
    })
  })

  it('only those chosen may send; one of the others is never asked next', () => {
    const asked = { choice: 'newest', names, among: ['wang', 'lina'] } as const
    expect(chooseSender(three, asked)).toMatchObject({ userid: 'lina', other: 'wang' })
    expect(chooseSender(three, { ...asked, among: ['wang'] })).toMatchObject({
      userid: 'wang',
      other: null,
      because: { code: 'send.sender_among' },
    })
    expect(chooseSender(three, { ...asked, among: ['nobody'] })).toBeNull()
  })

  it('whoever has lost the customer does not count', () => {
    const view = buildView({ id: 'c', follows: [follow('zhao', 30, 'deleted_by_rep'), follow('wang', 10)] })
    expect(chooseSender(view, { choice: 'newest', names })).toEqual({ userid: 'wang', other: null, because: null })
    expect(chooseSender({ follows: [] }, { choice: 'newest', names })).toBeNull()
  })
})
