/** How messages that are shown to whoever connects a shop are kept: personal data sealed on the way in, masked on the way out. */
export type Hide = {
  in(raw: unknown): Promise<unknown>
  out<T extends object>(kept: T): T
}
export const hidesNothing: Hide = { in: async (raw) => raw, out: (kept) => kept }

/** Ids as messages named them, and as they are kept. */
export const namesOf = async (ids: readonly string[], hide: Hide): Promise<string[]> => [
  ...new Set([...ids, ...(await Promise.all(ids.map(async (id) => String(await hide.in(id)))))]),
]
