import { computed, shallowRef, type ComputedRef } from 'vue'
import { useMembers, useTags } from '../kit/directory.ts'
import { useJoin } from '../kit/words.ts'

/** Names of members and tags for pages that hold ids; an id stands for itself until its name is known. */
export const useNames = () => {
  const join = useJoin()
  const { data: members } = useMembers()
  const { data: tags } = useTags()
  /** Names that came with what is shown: a manager's list of members may not have them all. */
  const told = shallowRef<Readonly<Record<string, string>>>({})
  const names: ComputedRef<ReadonlyMap<string, string>> = computed(
    () =>
      new Map([
        ...Object.entries(told.value),
        ...(members.value ?? []).map(({ userid, name }) => [userid, name] as const),
        ...(tags.value ?? []).map(({ id, name }) => [id, name] as const),
      ]),
  )
  const nameOf = (id: string): string => names.value.get(id) ?? id
  const tell = <T extends { names: Readonly<Record<string, string>> }>(answer: T): T => {
    told.value = { ...told.value, ...answer.names }
    return answer
  }
  return { members, tags, nameOf, tell, listed: (ids: readonly string[]): string => join.words(ids.map(nameOf)) }
}
export type Names = ReturnType<typeof useNames>
