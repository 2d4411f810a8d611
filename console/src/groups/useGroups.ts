import { groups } from '@zhiyin/shared/api/groups'
import { tiers, type Tier } from '@zhiyin/shared/tier'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCall } from '../kit/call.ts'
import { usePages } from '../kit/load.ts'

export type GroupFilter = {
  q: string
  owner: string | undefined
  status: '0' | '1' | '2' | '3' | undefined
  tier: Tier | undefined
  tag: string | undefined
  idle: boolean
}
export const statusChoices = ['0', '1', '2', '3'] as const

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The list of groups with its filter, which stands in the address so that a view can be shared. */
export const useGroups = () => {
  const call = useCall()
  const route = useRoute()
  const router = useRouter()
  const { query } = route
  const filter = ref<GroupFilter>({
    q: textOf(query['q']) ?? '',
    owner: textOf(query['owner']),
    status: statusChoices.find((status) => status === query['status']),
    tier: tiers.find((tier) => tier === query['tier']),
    tag: textOf(query['tag']),
    idle: query['idle'] === '1',
  })
  const pages = usePages((after) => {
    const { q, owner, status, tier, tag, idle } = filter.value
    return call(groups.search, {
      query: {
        limit: 50,
        after,
        owner,
        status,
        tier,
        tag,
        ...(q.trim() === '' ? {} : { q: q.trim() }),
        ...(idle ? { idle: '1' as const } : {}),
      },
    })
  })
  const filtered = computed(() => Object.values(filter.value).some((value) => Boolean(value)))
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(filter, ({ q, owner, status, tier, tag, idle }) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const said = { q: q.trim(), owner, status, tier, tag, idle: idle ? '1' : undefined }
      void router.replace({ query: Object.fromEntries(Object.entries(said).filter(([, value]) => value)) })
      void pages.reload()
    }, 250)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { filter, pages, filtered }
}
