import type { Client } from '@zhiyin/shared/api/client'
import { tags, type Tag } from '@zhiyin/shared/api/tags'
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { messageOf } from '../platform/useAction.ts'

export type TagGroup = { group: string; tags: readonly Tag[] }

export type TagList = {
  readonly loaded: Readonly<ShallowRef<boolean>>
  readonly error: Readonly<ShallowRef<string | null>>
  readonly query: ShallowRef<string>
  /** The tags that match the query, by group. */
  readonly groups: ComputedRef<readonly TagGroup[]>
  readonly load: () => Promise<void>
}

/** Every tag of the company, searched and grouped for picking. */
export const useTagList = (call: Client['call']): TagList => {
  const all = shallowRef<readonly Tag[]>([])
  const loaded = shallowRef(false)
  const error = shallowRef<string | null>(null)
  const query = shallowRef('')

  const load = async (): Promise<void> => {
    try {
      all.value = (await call(tags.list)).items
      loaded.value = true
      error.value = null
    } catch (cause) {
      error.value = messageOf(cause)
    }
  }

  const groups = computed(() => {
    const wanted = query.value.trim().toLowerCase()
    const found = new Map<string, Tag[]>()
    for (const tag of all.value) {
      if (!`${tag.group} ${tag.name}`.toLowerCase().includes(wanted)) continue
      found.set(tag.group, [...(found.get(tag.group) ?? []), tag])
    }
    return [...found].map(([group, each]) => ({ group, tags: each }))
  })

  return { loaded, error, query, groups, load }
}
