export type Store = {
  readonly get: (key: string) => string | null
  readonly set: (key: string, value: string) => boolean
}

/** A browser storage that forgets (and says so) instead of failing: a client may forbid it or have it full. */
export const forgiving = (storage: () => Storage): Store => ({
  get: (key) => {
    try {
      return storage().getItem(`zhiyin.${key}`)
    } catch {
      return null
    }
  },
  set: (key, value) => {
    try {
      storage().setItem(`zhiyin.${key}`, value)
      return true
    } catch {
      return false
    }
  },
})

export const lasting = forgiving(() => localStorage)
export const passing = forgiving(() => sessionStorage)
