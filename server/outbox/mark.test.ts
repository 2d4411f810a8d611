import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { IntentDoc } from './intents.model.ts'
import { markingOf } from './mark.ts'

const none = { state: 'wanted', delivery: 'none', body: null, cause: {}, because: [], history: [] } as const
const wish = (order: number, tags: { add: string[]; remove: string[] }): IntentDoc => ({
  ...none,
  _id: `int_${String(order).padStart(4, '0')}`,
  key: `k${order}`,
  channel: 'mark_tag',
  customerId: 'cus_1',
  externalUserId: 'wm1',
  groupId: null,
  chatId: null,
  userid: 'lina',
  tags,
  code: null,
  batchKey: null,
  cause: { ruleId: null, rule: null, runId: null, stepId: null, pushId: null },
  quietHours: null,
  refusal: null,
  because: [],
  history: [],
  dueAt: new Date(0),
  expiresAt: new Date(0),
  claim: null,
  attempts: 0,
  msgid: null,
  createdAt: new Date(0),
  settledAt: null,
})

it('one call leaves the pair as the wishes one after the other would', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'))
  const tags = fc.record({ add: ids, remove: ids }).map(({ add, remove }) => ({
    add,
    remove: remove.filter((id) => !add.includes(id)),
  }))
  const apply = (before: ReadonlySet<string>, { add, remove }: { add: string[]; remove: string[] }): Set<string> =>
    new Set([...[...before].filter((id) => !remove.includes(id)), ...add])
  fc.assert(
    fc.property(fc.array(tags, { minLength: 1, maxLength: 6 }), ids, (list, before) => {
      const wishes = list.map((each, order) => wish(order, each))
      const marking = markingOf(wishes.toReversed())
      const expected = list.reduce(apply, new Set(before))
      expect([...apply(new Set(before), marking ?? { add: [], remove: [] })].toSorted()).toEqual(
        [...expected].toSorted(),
      )
    }),
  )
})
