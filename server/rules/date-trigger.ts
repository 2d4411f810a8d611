import { because, type Because } from '@zhiyin/shared/because'
import type { Condition } from '@zhiyin/shared/condition'
import type { TriggerOf } from '@zhiyin/shared/rule'
import { momentOf } from '@zhiyin/shared/zone'

const dayMs = 86_400_000
/** As old as anybody whose birthday is known. */
const mostYears = 120

/** The days (counted from 1970) that a day so many after or before some date may come from; yearly: of every year up to its own. */
export const daysOf = ({ days, yearly }: TriggerOf<'date'>, today: number): number[] => {
  const date = new Date((today - days) * dayMs)
  if (!yearly) return [today - days]
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  const found: number[] = []
  for (let back = 0; back <= mostYears; back += 1) {
    const one = new Date(Date.UTC(year - back, month, day))
    // The 29th of February does not come every year.
    if (one.getUTCDate() === day) found.push(one.getTime() / dayMs)
    const leap = new Date(Date.UTC(year - back, 1, 29))
    const common = new Date(Date.UTC(year, 1, 29)).getUTCDate() !== 29
    if (common && month === 1 && day === 28 && leap.getUTCDate() === 29) found.push(leap.getTime() / dayMs)
  }
  return found
}

/** Whose date it is on a day (YYYY-MM-DD of the zone): looked up in the index of attributes, a range a year. */
export const onDate = (
  trigger: TriggerOf<'date'>,
  day: string,
  zone: string,
): { condition: Condition; because: Because } => {
  const today = Date.parse(`${day}T00:00:00Z`) / dayMs
  const within = daysOf(trigger, today).map((from): Condition => ({
    type: 'all',
    of: [
      { type: 'attribute', key: trigger.key, test: { op: 'since', date: momentOf(from, 0, zone).toISOString() } },
      { type: 'attribute', key: trigger.key, test: { op: 'before', date: momentOf(from + 1, 0, zone).toISOString() } },
    ],
  }))
  const { key, days } = trigger
  return {
    condition: { type: 'any', of: within },
    because: because('rule.date_came', { key: trigger.name ?? key, days }),
  }
}
