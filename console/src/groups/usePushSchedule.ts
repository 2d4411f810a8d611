import type { PushSchedule } from '@zhiyin/shared/api/push-plans'
import { minutesOf, momentOf } from '@zhiyin/shared/zone'
import { computed, reactive } from 'vue'

const zone = 'Asia/Shanghai'
const dayMs = 86_400_000

export const pushTimes = ['now', 'once', 'daily', 'weekly'] as const
export type PushTime = (typeof pushTimes)[number]

/** When a push goes, as a person chooses it. */
export const usePushSchedule = (today: () => string) => {
  const choice = reactive<{ when: PushTime; date: string; at: string; weekdays: number[] }>({
    when: 'now',
    date: today(),
    at: '10:00',
    weekdays: [1],
  })
  /** Null: at once. Undefined: not chosen in full yet. */
  const schedule = computed((): PushSchedule | null | undefined => {
    const { when, date, at, weekdays } = choice
    if (when === 'now') return null
    if (when === 'daily') return { type: 'repeated', at, weekdays: [] }
    if (when === 'weekly') return weekdays.length === 0 ? undefined : { type: 'repeated', at, weekdays: [...weekdays] }
    const day = Date.parse(`${date}T00:00:00Z`) / dayMs
    return Number.isNaN(day) ? undefined : { type: 'once', at: momentOf(day, minutesOf(at), zone).toISOString() }
  })
  return { choice, schedule }
}

export type PushChoice = ReturnType<typeof usePushSchedule>['choice']
