import { beforeEach, expect, it } from 'vitest'
import { createAudit } from '../../../server/audit/audit.ts'
import { createAuditRead } from '../../../server/audit/read.ts'
import { createIds } from '../../../server/platform/id.ts'
import { movableClock } from '../../support/clock.ts'
import { useMongo } from '../../support/mongo.ts'

const mongo = useMongo()
const clock = movableClock()
const subject = 'customer:cus_1'
const look = {
  actor: { kind: 'member', userid: 'lina', name: '李娜', role: 'rep', scope: null },
  subject,
  fields: ['phone'],
} as const

beforeEach(() => mongo.get().connection.dropDatabase())

/** The audit, with a database that refuses the next so many entries. */
const refusing = (times: number) => {
  const newId = createIds(clock)
  let left = times
  const audit = createAudit({
    mongo: mongo.get(),
    clock,
    newId: (kind) => {
      left -= 1
      if (left >= 0) throw new Error('the entry is not written')
      return newId(kind)
    },
  })
  return { audit, entries: async () => (await createAuditRead(mongo.get()).of(subject)).map(({ act }) => act) }
}

it('whoever looks again after the entry could not be written is written down', async () => {
  const { audit, entries } = refusing(1)
  await expect(audit.saw(look)).rejects.toThrow('not written')
  await audit.saw(look)
  expect(await entries()).toEqual(['customer.seen'])
})

it('who looks twice at once is shown nothing before it is written down, and stands there once', async () => {
  const { audit, entries } = refusing(0)
  await Promise.all([audit.saw(look), audit.saw(look)])
  await audit.saw(look)
  expect(await entries()).toEqual(['customer.seen'])
  const { audit: other } = refusing(1)
  clock.advance(3_600_000)
  const both = await Promise.allSettled([other.saw(look), other.saw(look)])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})
