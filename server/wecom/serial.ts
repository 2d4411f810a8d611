/** Lets work of one key run one after the other, in this process. */
export type Serial = <T>(key: string, work: () => Promise<T>) => Promise<T>

export const createSerial = (): Serial => {
  const last = new Map<string, Promise<unknown>>()
  return async (key, work) => {
    const before = last.get(key) ?? Promise.resolve()
    const mine = before.then(work, work)
    last.set(key, mine)
    try {
      return await mine
    } finally {
      if (last.get(key) === mine) last.delete(key)
    }
  }
}
