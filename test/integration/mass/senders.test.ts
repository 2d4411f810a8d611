import { expect, it } from 'vitest'
import { RuleInput, type SendStep } from '@zhiyin/shared/rule'
import { hour, useMassRooms } from './rooms.ts'

const massRooms = useMassRooms()

/** A rule that writes to everybody at once, by the step given. */
const setUp = async (step: Partial<SendStep>) => {
  const rooms = await massRooms()
  const { contents, rules, settle } = rooms
  const body = { text: '我是{{ rep.name }}', attachments: [] }
  const { id: contentId } = await contents.create({ name: '问候', body, variants: [] }, 'manager')
  const rule = await rules.store.create(
    RuleInput.parse({
      name: '问候',
      trigger: { type: 'schedule', at: '10:00' },
      steps: [{ id: 's1', type: 'send', channel: 'mass', contentId, ...step }],
    }),
    'manager',
  )
  return {
    ...rooms,
    rule,
    meet: async () => {
      await rules.turnOn(rule._id, true, 'manager', 'zh')
      await settle()
    },
  }
}

it('a rule’s step chooses the sender, and the send keeps why', async () => {
  const { customer, talks, meet, newest } = await setUp({ sender: 'last_talk' })
  await customer('both', ['lina'])
  await customer('alone')
  talks.set('both', 'wang')
  await meet()
  const [wanted] = (await newest('both'))?.history ?? []
  expect(wanted).toMatchObject({
    state: 'wanted',
    because: [{ code: 'send.sender_last_talk', params: { rep: 'wang名' } }],
  })
  expect(await newest('both')).toMatchObject({ userid: 'wang', state: 'sent' })
  expect((await newest('alone'))?.history[0]?.because).toEqual([])
})

it('a rule’s step says what comes when nobody confirms, over the company’s setting', async () => {
  const { customer, limits, meet, newest, later, tasks } = await setUp({ fallback: 'none' })
  await customer('both', ['lina'])
  limits.fallback = 'rep_then_task'
  await meet()
  await later(73 * hour)
  expect(await newest('both')).toMatchObject({ userid: 'lina', delivery: 'expired' })
  expect((await tasks.list({ scope: null, state: 'open', limit: 10 })).items).toEqual([])
})

it('by the company’s setting the other rep is asked in their own name, and nobody after them', async () => {
  const { customer, meet, newest, later, sends, platform } = await setUp({})
  await customer('both', ['lina'])
  await meet()
  expect(await newest('both')).toMatchObject({ userid: 'lina', body: { text: '我是lina名' } })
  await later(73 * hour)
  expect(await newest('both')).toMatchObject({ userid: 'wang', body: { text: '我是wang名' }, delivery: 'waiting' })
  await later(73 * hour)
  expect(await newest('both')).toMatchObject({ userid: 'wang', delivery: 'expired' })
  expect((await sends.list({ scope: null, limit: 10 })).items).toHaveLength(2)
  expect((await platform.assistant('wang')).map(({ status }) => status)).toEqual(['cancelled'])
})

it('a rule that is paused takes back what its reps have not confirmed', async () => {
  const { customer, rules, rule, meet, newest, later, platform } = await setUp({})
  await customer('alone')
  await meet()
  await rules.pause(rule._id, 'manager')
  await later(1000)
  expect(await newest('alone')).toMatchObject({ delivery: 'cancelled', because: [{ code: 'block.rule_off' }] })
  expect((await platform.assistant('wang')).map(({ status }) => status)).toEqual(['cancelled'])
})
