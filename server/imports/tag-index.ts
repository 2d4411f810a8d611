import { halfWidth, list } from '../cleaning/text.ts'
import { refuse, type Cleaned } from '../cleaning/types.ts'

/** Tags by their name and by group/name; null where several groups have the name. */
export type TagIndex = ReadonlyMap<string, string | null>

const key = (text: string): string => halfWidth(text).toLowerCase()

export const tagIndexOf = (tags: readonly { id: string; name: string; group: string }[]): TagIndex => {
  const index = new Map<string, string | null>()
  for (const { id, name, group } of tags) {
    index.set(key(name), index.has(key(name)) ? null : id)
    index.set(key(`${group}/${name}`), id)
  }
  return index
}

/** The ids of the tags a cell names. */
export const tagsOf = (text: string, index: TagIndex): Cleaned<readonly string[]> => {
  const named = list(text)
  if ('problem' in named) return named
  const ids: string[] = []
  for (const name of named.value) {
    const id = index.get(key(name))
    if (id === undefined) return refuse('tag.unknown', name)
    if (id === null) return refuse('tag.several', name)
    ids.push(id)
  }
  return { value: ids }
}
