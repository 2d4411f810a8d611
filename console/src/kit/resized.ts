import { onMounted, onScopeDispose, type ShallowRef } from 'vue'

/** Tells the size of an element whenever it changes, and once at the beginning. */
export const useResized = (
  element: Readonly<ShallowRef<HTMLElement | null>>,
  told: (size: { width: number; height: number }) => void,
): void => {
  const observer = new ResizeObserver(([entry]) => {
    if (entry !== undefined) told({ width: entry.contentRect.width, height: entry.contentRect.height })
  })
  onMounted(() => {
    if (element.value !== null) observer.observe(element.value)
  })
  onScopeDispose(() => observer.disconnect())
}
