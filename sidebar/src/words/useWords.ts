import { say, type Because } from '@zhiyin/shared/because/index'
import type { TimelineItem } from '@zhiyin/shared/customer'
import type { LabelKind } from '@zhiyin/shared/labels'
import { label, Lang } from '@zhiyin/shared/text'
import { sayFact, type Names, type Said } from '@zhiyin/shared/timeline'
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { clock } from '../platform/clock.ts'
import { sessionOf } from '../session/useSession.ts'
import { ageOf, dateOf, daysBetween, dueOf, stampOf } from './when.ts'

/** Everything that depends on the reader's language and on what time it is where the company is. */
export const useWords = () => {
  const i18n = useI18n()
  const { t, locale } = i18n
  const { now } = clock.use()
  const { zone } = sessionOf.use()
  const lang = computed<Lang>({
    get: () => Lang.catch('zh').parse(locale.value),
    set: (next) => (locale.value = next),
  })
  const ms = (iso: string): number => Date.parse(iso)
  return {
    t,
    lang,
    list: (key: string): string[] => {
      const found: unknown = i18n.tm(key)
      return Array.isArray(found) ? found.map((each) => i18n.rt(each)) : []
    },
    word: (kind: LabelKind, value: string): string => label(kind, value, lang.value),
    reason: (because: Because): string => say(because, lang.value, zone.value),
    reasons: (all: readonly Because[]): string =>
      all.map((each) => say(each, lang.value, zone.value)).join(lang.value === 'zh' ? '；' : '; '),
    fact: (item: TimelineItem, names?: Names): Said => sayFact(item, lang.value, zone.value, names),
    /** Whole days since then. */
    daysSince: (iso: string): number => daysBetween(ms(iso), now.value, zone.value),
    age: (iso: string): string => ageOf(ms(iso), now.value, lang.value, zone.value),
    ageOfMs: (at: number): string => ageOf(at, now.value, lang.value, zone.value),
    stamp: (iso: string): string => stampOf(ms(iso), now.value, lang.value, zone.value),
    date: (iso: string): string => dateOf(ms(iso), now.value, lang.value, zone.value),
    due: (iso: string) => dueOf(ms(iso), now.value, lang.value, zone.value),
    join: (parts: readonly string[]): string => parts.join(lang.value === 'zh' ? '、' : ', '),
  }
}
