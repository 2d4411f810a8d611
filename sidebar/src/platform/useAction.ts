import { shallowRef, type ShallowRef } from 'vue'

export type Action = {
  readonly busy: Readonly<ShallowRef<boolean>>
  /** What went wrong the last time, in words; null while all is well. */
  readonly error: Readonly<ShallowRef<string | null>>
  /** True when it went through. A second call while one runs does nothing. */
  readonly run: (act: () => Promise<void>) => Promise<boolean>
  readonly clear: () => void
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** One press of a button: busy while it runs, its failure kept in words. */
export const useAction = (): Action => {
  const busy = shallowRef(false)
  const error = shallowRef<string | null>(null)
  const run = async (act: () => Promise<void>): Promise<boolean> => {
    if (busy.value) return false
    busy.value = true
    error.value = null
    try {
      await act()
      return true
    } catch (cause) {
      error.value = messageOf(cause)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, error, run, clear: () => (error.value = null) }
}
