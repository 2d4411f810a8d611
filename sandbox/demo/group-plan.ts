import type { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import type { PushItemInput } from '@zhiyin/shared/push-plan'
import type { Tier } from '@zhiyin/shared/tier'
import type { ContentKey } from './contents/index.ts'
import type { Scene } from './scene.ts'

type Line = z.input<typeof PushItemInput>

const name = '社群每周内容'
/** The history goes on in steps of two days: what fell between two of them still goes. */
const lateHours = 48

const weekly = (weekday: number, at: string): Line['schedule'] => ({ type: 'repeated', at, weekdays: [weekday] })
const customerGroups = (...tiers: Tier[]): Line['audience'] => ({ type: 'where', kinds: ['customer'], tiers })

/** The week of the groups, a line for each tier that has a day of its own; what is there already is kept. */
export const makeGroupPlan = async ({ product: { call }, company, book }: Scene): Promise<void> => {
  if ((await call(api.pushPlans.list)).items.some((plan) => plan.name === name)) return
  const content = (key: ContentKey): string => company.contents[key] ?? ''
  const items: Line[] = [
    { contentId: content('briefing'), audience: { type: 'where', kinds: ['internal'] }, schedule: weekly(1, '09:40') },
    { contentId: content('lesson'), audience: customerGroups(), schedule: weekly(2, '10:00') },
    { contentId: content('salon'), audience: customerGroups('A'), schedule: weekly(4, '19:00') },
    { contentId: content('benefit'), audience: customerGroups('B', 'C'), schedule: weekly(5, '12:00') },
  ]
  const { id } = await call(api.pushPlans.create, { body: { key: `week-${book.pages.start}`, name, lateHours, items } })
  await call(api.pushPlans.setOn, { params: { id }, body: { on: true } })
}
