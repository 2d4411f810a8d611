import fc from 'fast-check'
import { expect, it } from 'vitest'
import { groupMemberModel } from '../../../server/groups/members.model.ts'
import { useGroups } from './room.ts'

const world = useGroups()

/** What people do to a group, and what becomes of the callbacks on their way. */
const act = fc.record({
  who: fc.integer({ min: 0, max: 3 }),
  wait: fc.constantFrom(0, 1, 60),
  lost: fc.boolean(),
})
const travel = fc.record({
  repeat: fc.integer({ min: 1, max: 3 }),
  order: fc.constantFrom('normal', 'reverse', 'shuffle'),
})

it('members end as WeCom’s list says, whatever the order, repetition or loss of callbacks', async () => {
  const people = await Promise.all(['甲', '乙', '丙', '丁'].map((name) => world.newPerson(name)))
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 10 }), travel, async (acts, { repeat, order }) => {
      const chatId = await world.newGroup('任意顺序')
      await world.settle()
      const inside = new Set<string>()
      for (const { who, wait, lost } of acts) {
        await world.mode({ repeat, hold: true, dropNext: lost ? 1 : 0 })
        const id = people[who] ?? ''
        if (inside.has(id)) {
          await world.leave(chatId, id, who % 2)
          inside.delete(id)
        } else {
          await world.join(chatId, id, who % 2 === 0 ? 3 : 1)
          inside.add(id)
        }
        await world.advance(wait * 1000)
      }
      // The last callback comes: without it nobody could know.
      await world.mode({ repeat, hold: true })
      await world.change(chatId, { name: '真的最后' })
      await world.release(order)
      await world.mode({})
      await world.settle()
      const open = await groupMemberModel(world.mongo.get().connection).find({ chatId, leftAt: null }).lean()
      const ids = open.map(({ id }) => id)
      expect(ids.toSorted()).toEqual(['lina', ...inside].toSorted())
      expect(new Set(ids).size).toBe(ids.length)
      expect(await world.find(chatId)).toMatchObject({
        name: '真的最后',
        members: inside.size + 1,
        outsiders: inside.size,
      })
    }),
    { numRuns: 10 },
  )
}, 120_000)
