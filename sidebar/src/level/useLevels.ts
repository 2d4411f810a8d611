import type { Client } from '@zhiyin/shared/api/client'
import { tiers, type CustomerLevels } from '@zhiyin/shared/api/tiers'
import { shallowRef, type Ref, type ShallowRef } from 'vue'
import { useAction } from '../platform/useAction.ts'

export type Levels = {
  readonly items: Readonly<ShallowRef<CustomerLevels['items'] | null>>
  readonly error: Readonly<Ref<string | null>>
  readonly load: (customerId: string) => Promise<boolean>
}

/** A customer's level in every scheme, read when somebody asks why. */
export const useLevels = (call: Client['call']): Levels => {
  const items = shallowRef<CustomerLevels['items'] | null>(null)
  const { error, run } = useAction()
  const load = (id: string): Promise<boolean> =>
    run(async () => {
      items.value = (await call(tiers.ofCustomer, { params: { id } })).items
    })
  return { items, error, load }
}
