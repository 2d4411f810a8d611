import type { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { RuleInput, SendStep } from '@zhiyin/shared/rule'
import { minutesOf, momentOf, zonedTime } from '@zhiyin/shared/zone'
import { confirmAll, type Person } from './held.ts'
import { hours, type Reach } from './world.ts'

export type Rule = z.input<typeof RuleInput>
type Limits = NonNullable<Rule['limits']>

const zone = 'Asia/Shanghai'
/** A moment's day in the company's zone, YYYY-MM-DD. */
export const dayAt = (ms: number): string => zonedTime(new Date(ms), zone).date

/** What a manager does with rules by the console, and the rep lina's part in it. */
export const managing = (world: Reach) => {
  const content = async (text: string): Promise<string> =>
    (await world.call(api.contents.create, { body: { name: text, body: { text } } })).id
  /** A rule that is on. */
  const begin = async (rule: Rule): Promise<string> => {
    const { id } = await world.call(api.rules.create, { body: rule })
    await world.call(api.rules.turnOn, { params: { id } })
    return id
  }
  /** Puts customers into a rule; what follows is not waited for. */
  const put = async (ruleId: string, who: readonly Person[]): Promise<void> => {
    const body = { customerIds: who.map(({ id }) => id) }
    const { kept } = await world.call(api.rules.enter, { params: { id: ruleId }, body })
    if (kept.length > 0) throw new Error(`Kept out of the rule: ${JSON.stringify(kept)}`)
  }
  const runsOf = async (ruleId: string) =>
    (await world.call(api.rules.runs, { params: { id: ruleId }, query: { limit: 200 } })).items
  return {
    content,
    begin,
    /** A rule that is on and sends one text to whom people put into it; `how`: what the step says beside. */
    sendsOnce: async (text: string, limits: Limits = {}, how: Partial<SendStep> = {}): Promise<string> => {
      const contentId = await content(text)
      const steps: Rule['steps'] = [{ id: 'say', type: 'send', channel: 'mass', contentId, ...how }]
      return begin({ name: text, trigger: { type: 'manual' }, steps, limits })
    },
    put,
    enter: async (ruleId: string, who: readonly Person[]): Promise<void> => {
      await put(ruleId, who)
      await world.settle()
    },
    /** Lina presses send on all that waits for her; an hour later the results are in. */
    confirmed: async (): Promise<void> => {
      await confirmAll(world, 'lina')
      await world.settle(hours(1))
    },
    /** What waits in lina's 群发助手. */
    waiting: async (): Promise<string[]> =>
      (await world.tasks('lina')).filter(({ status }) => status === 'waiting').map(({ text }) => text),
    runsOf,
    statesOf: async (ruleId: string): Promise<string[]> => (await runsOf(ruleId)).map(({ state }) => state),
    /** What a rule wants to send a customer, or has sent them last. */
    sendOf: async (ruleId: string, { id }: Person) =>
      (await world.call(api.sends.list, { query: { ruleId, customerId: id } })).items[0],
    openTasks: async ({ id }: Person): Promise<string[]> =>
      (await world.call(api.tasks.list, { query: { customerId: id } })).items.map(({ title }) => title),
    /** Moves to the next time the company's clocks show this. */
    toTime: async (clock: string): Promise<void> => {
      const now = await world.now()
      const { day, minutes } = zonedTime(new Date(now), zone)
      const wanted = minutesOf(clock)
      const at = momentOf(minutes < wanted ? day : day + 1, wanted, zone).getTime()
      await world.settle(at - now + 1000)
    },
  }
}
