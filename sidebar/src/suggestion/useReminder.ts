import type { CustomerProfile } from '@zhiyin/shared/customer'
import { computed, shallowRef, toValue, type MaybeRefOrGetter } from 'vue'
import { useI18n } from 'vue-i18n'
import { clock } from '../platform/clock.ts'
import { useAction } from '../platform/useAction.ts'
import { sessionOf } from '../session/useSession.ts'
import { notice } from '../shell/useNotice.ts'
import { tasksOf } from '../task/useTasks.ts'
import { tomorrowAtNine } from '../words/when.ts'

/** “Remind me tomorrow”: a task for nine o'clock, once per customer while the page is open. */
export const useReminder = (customer: MaybeRefOrGetter<CustomerProfile>, text: MaybeRefOrGetter<string>) => {
  const { t } = useI18n()
  const { say } = notice.use()
  const { read } = clock.use()
  const { zone } = sessionOf.use()
  const tasks = tasksOf.use()
  const { run, error } = useAction()
  const remembered = shallowRef<ReadonlySet<string>>(new Set())
  const done = computed(() => remembered.value.has(toValue(customer).id))

  const remind = async (): Promise<void> => {
    const { id, name } = toValue(customer)
    const start = Array.from(toValue(text).trim()).slice(0, 24).join('')
    const title = start === '' ? t('suggest.remindPlain', { name }) : t('suggest.remindTitle', { name, text: start })
    const went = await run(() => tasks.remind({ customerId: id, title, dueAt: tomorrowAtNine(read(), zone.value) }))
    if (went) {
      remembered.value = new Set([...remembered.value, id])
      say(t('suggest.remindDone'))
    } else if (error.value !== null) say(error.value, 'bad')
  }

  return { done, remind }
}
