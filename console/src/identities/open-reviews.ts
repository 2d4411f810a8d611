import { identities } from '@zhiyin/shared/api/identities'
import { onScopeDispose, ref, type Ref } from 'vue'
import { useCall } from '../kit/call.ts'
import { useEvery, useLoad } from '../kit/load.ts'

/** Everybody on the page who shows the number is told when somebody has decided. */
const listeners = new Set<() => Promise<void>>()

/** How many pairs wait for somebody to look at them; null while nobody knows. Asked again every minute, and after a decision. */
export const useOpenReviews = (): { open: Ref<number | undefined>; reload: () => Promise<void> } => {
  const call = useCall()
  const open = ref<number>()
  const load = useLoad(async () => {
    open.value = (await call(identities.count)).open
  })
  useEvery(60_000, load.reload)
  listeners.add(load.reload)
  onScopeDispose(() => listeners.delete(load.reload))
  return {
    open,
    reload: async () => {
      await Promise.all([...listeners].map((listener) => listener()))
    },
  }
}
