import type { PushPlan } from '@zhiyin/shared/api/push-plans'
import type { PushAudience, PushDays, PushItemInput, PushPlanInput, PushSchedule } from '@zhiyin/shared/push-plan'
import { minutesOf, momentOf, zonedTime } from '@zhiyin/shared/zone'

const dayMs = 86_400_000

export const lineTimes = ['dates', 'daily', 'weekly', 'monthly'] as const
export type LineTime = (typeof lineTimes)[number]
type Named = { date: string; at: string }

/** A line of a plan as a person fills it in. */
export type Line = {
  /** What Vue tells lines apart by. */
  key: string
  id?: string
  contentId: string
  audience: PushAudience
  when: LineTime
  dates: Named[]
  at: string
  weekdays: number[]
  monthdays: number[]
  days: PushDays
  until: string
  onlyVariants: boolean
}
export type PlanDraft = { name: string; lateHours: number; lines: Line[] }

export const everyGroup = (): PushAudience => ({ type: 'where', kinds: [], tiers: [], owners: [], tags: [] })

let made = 0
/** A fresh line; for the same groups as the one before it. */
export const newLine = (today: string, before?: Line): Line => ({
  key: `line${++made}`,
  contentId: '',
  audience: before === undefined ? everyGroup() : structuredClone(before.audience),
  when: before?.when ?? 'weekly',
  dates: [{ date: today, at: '10:00' }],
  at: before?.at ?? '10:00',
  weekdays: [1],
  monthdays: [1],
  days: before?.days ?? 'any',
  until: '',
  onlyVariants: before?.onlyVariants ?? false,
})

const momentOfNamed = ({ date, at }: Named, zone: string): string | null => {
  const day = Date.parse(`${date}T00:00:00Z`) / dayMs
  return Number.isNaN(day) || at === '' ? null : momentOf(day, minutesOf(at), zone).toISOString()
}

/** Null: not chosen in full yet. */
const scheduleOf = ({ when, dates, at, weekdays, monthdays, days }: Line, zone: string): PushSchedule | null => {
  if (when === 'dates') {
    const moments = dates.flatMap((named) => momentOfNamed(named, zone) ?? [])
    return moments.length === dates.length && moments.length > 0 ? { type: 'dates', at: moments } : null
  }
  const [onDays, inMonth] = [when === 'weekly' ? weekdays : [], when === 'monthly' ? monthdays : []]
  if (when !== 'daily' && onDays.length + inMonth.length === 0) return null
  return { type: 'repeated', at, weekdays: [...onDays], monthdays: [...inMonth], days }
}

const itemOf = (line: Line, zone: string): PushItemInput | null => {
  const schedule = scheduleOf(line, zone)
  const { id, contentId, audience, until, onlyVariants } = line
  if (schedule === null || contentId === '' || (audience.type === 'named' && audience.groupIds.length === 0))
    return null
  const ends = line.when === 'dates' || until === '' ? null : until
  return { ...(id === undefined ? {} : { id }), contentId, audience, schedule, until: ends, onlyVariants }
}

/** Dates are written by the clocks of `zone`. Undefined: something is still to be filled in. */
export const inputOf = ({ name, lateHours, lines }: PlanDraft, zone: string): PushPlanInput | undefined => {
  const items = lines.flatMap((line) => itemOf(line, zone) ?? [])
  if (name.trim() === '' || items.length < lines.length || items.length === 0) return undefined
  return { name: name.trim(), lateHours, items }
}

const whenOf = (schedule: PushSchedule): LineTime => {
  if (schedule.type === 'dates') return 'dates'
  if (schedule.monthdays.length > 0) return 'monthly'
  return schedule.weekdays.length > 0 ? 'weekly' : 'daily'
}

export const draftOf = ({ name, lateHours, items }: PushPlan, today: string, zone: string): PlanDraft => ({
  name,
  lateHours,
  lines: items.map(({ id, contentId, audience, schedule, until, onlyVariants }) => ({
    ...newLine(today),
    id,
    contentId,
    audience: structuredClone(audience),
    when: whenOf(schedule),
    ...(schedule.type === 'dates'
      ? {
          dates: schedule.at.map((at) => {
            const { date, clock } = zonedTime(new Date(at), zone)
            return { date, at: clock }
          }),
        }
      : {
          at: schedule.at,
          days: schedule.days,
          weekdays: schedule.weekdays.length > 0 ? [...schedule.weekdays] : [1],
          monthdays: schedule.monthdays.length > 0 ? [...schedule.monthdays] : [1],
        }),
    until: until ?? '',
    onlyVariants,
  })),
})
