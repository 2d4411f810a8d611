import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Whether the window meets a media query, as it changes. */
export const useMediaQuery = (query: string): Readonly<Ref<boolean>> => {
  const list = window.matchMedia(query)
  const met = ref(list.matches)
  const update = () => {
    met.value = list.matches
  }
  list.addEventListener('change', update)
  onScopeDispose(() => list.removeEventListener('change', update))
  return readonly(met)
}
