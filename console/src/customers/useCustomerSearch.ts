import { customers } from '@zhiyin/shared/api/customers'
import type { CustomerRow } from '@zhiyin/shared/customer'
import { computed, onScopeDispose, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useCall } from '../kit/call.ts'
import { useLoad, type Load } from '../kit/load.ts'

type CustomerSearch = {
  readonly q: Ref<string>
  readonly found: Load<CustomerRow[]>
  /** Somebody was looked for by what stands there now, and there is nobody. */
  readonly nobody: ComputedRef<boolean>
}

/** Customers by what is typed, asked for when typing rests; without words `unasked` tells whether some are shown or none. */
export const useCustomerSearch = (limit: number, unasked: 'some' | 'none', restMs = 250): CustomerSearch => {
  const call = useCall()
  const q = ref('')
  const answered = ref<string>()
  const read = async (asked: string) => {
    if (asked === '' && unasked === 'none') return []
    return (await call(customers.list, { query: { limit, ...(asked === '' ? {} : { q: asked }) } })).items
  }
  const found = useLoad(async () => {
    const asked = q.value.trim()
    const items = await read(asked)
    answered.value = asked
    return items
  })
  const nobody = computed(() => {
    const asked = q.value.trim()
    return found.data.value?.length === 0 && answered.value === asked && (asked !== '' || unasked === 'some')
  })
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(q, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void found.reload(), restMs)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { q, found, nobody }
}
