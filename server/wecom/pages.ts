/** A page of a limit/cursor list; the list ends at an empty `next_cursor`. */
type PageOf = { readonly next_cursor: string }

/** Walks a limit/cursor list. A page may be empty while others follow; a cursor that does not move ends the walk. */
export async function* pagesOf<P extends PageOf>(
  fetchPage: (cursor: string | undefined) => Promise<P>,
): AsyncGenerator<P> {
  let cursor: string | undefined
  for (;;) {
    const page = await fetchPage(cursor)
    yield page
    if (page.next_cursor === '' || page.next_cursor === cursor) return
    cursor = page.next_cursor
  }
}

/** Everything of a list that is known to be short. */
export const allOf = async <P extends PageOf, T>(
  fetchPage: (cursor: string | undefined) => Promise<P>,
  rowsOf: (page: P) => readonly T[],
): Promise<T[]> => {
  const rows: T[] = []
  for await (const page of pagesOf(fetchPage)) rows.push(...rowsOf(page))
  return rows
}

/** `list` in parts of at most `size`. */
export const chunksOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))

/** `promise`, or `otherwise` when it fails with something `excused` accepts. */
export const unless = async <T, O>(
  promise: Promise<T>,
  excused: (error: unknown) => boolean,
  otherwise: O,
): Promise<T | O> => {
  try {
    return await promise
  } catch (error) {
    if (excused(error)) return otherwise
    throw error
  }
}

export const dateOf = (seconds: number): Date => new Date(seconds * 1000)
