/** How messages that are shown to whoever connects a shop are kept: personal data sealed on the way in, masked on the way out. */
export type Hide = {
  in(raw: unknown): unknown
  out<T extends object>(kept: T): T
}
export const hidesNothing: Hide = { in: (raw) => raw, out: (kept) => kept }

/** Ids as messages named them, and as they are kept. */
export const namesOf = (ids: readonly string[], hide: Hide): string[] => [
  ...new Set(ids.flatMap((id) => [id, String(hide.in(id))])),
]
