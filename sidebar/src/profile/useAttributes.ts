import { attributes, type AttributeRow } from '@zhiyin/shared/api/attributes'
import type { Client } from '@zhiyin/shared/api/client'
import { computed, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { useAction } from '../platform/useAction.ts'

export type AttributeList = {
  readonly rows: Readonly<ShallowRef<readonly AttributeRow[]>>
  readonly byKey: ComputedRef<ReadonlyMap<string, AttributeRow>>
  readonly error: Readonly<Ref<string | null>>
  readonly load: () => Promise<boolean>
}

/** Every attribute managers have defined, read once for a page. */
export const useAttributes = (call: Client['call']): AttributeList => {
  const rows = shallowRef<readonly AttributeRow[]>([])
  const byKey = computed(() => new Map(rows.value.map((row) => [row.key, row])))
  const { error, run } = useAction()
  const load = (): Promise<boolean> =>
    run(async () => {
      rows.value = (await call(attributes.list)).items
    })
  void load()
  return { rows, byKey, error, load }
}
