import { privacy } from '@zhiyin/shared/api/privacy'
import { onScopeDispose, shallowRef } from 'vue'
import { useCall } from '../kit/call.ts'
import { useAct } from '../kit/load.ts'

export const kinds = ['phone', 'email', 'address', 'id_number', 'text'] as const
/** What somebody is about to do with a person's data. */
export type Deed = { what: 'reveal'; kind: (typeof kinds)[number] } | { what: 'export' } | { what: 'erase' }

/** What was shown in clear goes again by itself. */
const shownMs = 60_000

export const usePersonal = (customerId: () => string) => {
  const call = useCall()
  const { busy, error, run } = useAct()
  const values = shallowRef<readonly string[]>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const forget = () => {
    clearTimeout(timer)
    values.value = undefined
  }
  onScopeDispose(forget)

  const carryOut = (deed: Deed, reason: string): Promise<boolean> =>
    run(async () => {
      const params = { id: customerId() }
      if (deed.what === 'export') return void (await call(privacy.askExport, { params, body: { reason } }))
      if (deed.what === 'erase')
        return void (await call(privacy.erase, { params, body: { reason, confirm: 'erase' as const } }))
      const answer = await call(privacy.reveal, { params, body: { kind: deed.kind, reason } })
      forget()
      values.value = answer.values
      timer = setTimeout(forget, shownMs)
    })
  const clear = () => {
    error.value = undefined
  }
  return { values, busy, error, carryOut, clear }
}
