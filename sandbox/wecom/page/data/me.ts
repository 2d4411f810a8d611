import { computed } from 'vue'
import type { Desk } from './desk.ts'

/** Who this page acts as: their name, choosing somebody else, and looking from the other side. */
export function useMe({ words, me, view, directory, company, dialogs, become, switchView }: Desk) {
  const name = computed(() => directory.value?.nameOf(me.value) ?? '')
  const changeLabel = computed(() => words.t(view.value === 'rep' ? 'changeRep' : 'changeCustomer'))
  const switchLabel = computed(() => words.t(view.value === 'rep' ? 'asCustomer' : 'asRep'))

  async function change() {
    if (!company.value) return
    const choices =
      view.value === 'rep'
        ? company.value.members.map(({ userid: id, name: called, position }) => ({
            id,
            name: called,
            note: position ?? id,
          }))
        : company.value.customers.map(({ external_userid: id, name: called }) => ({ id, name: called, note: id }))
    const chosen = await dialogs.pick({
      title: changeLabel.value,
      choices,
      multi: false,
      chosen: [me.value],
      preview: [],
      confirm: () => words.t('confirm'),
    })
    if (chosen?.[0]) become(chosen[0])
  }
  return { me, name, change, changeLabel, switchView, switchLabel }
}
