import { customers } from '@zhiyin/shared/api/customers'
import { stages, type Stage } from '@zhiyin/shared/stage'
import { tiers, type Tier } from '@zhiyin/shared/tier'
import { computed, onScopeDispose, ref, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { useCall } from '../kit/call.ts'
import { usePages } from '../kit/load.ts'

export type CustomerFilter = {
  q: string
  stage: Stage | undefined
  tier: Tier | undefined
  tagId: string | undefined
  userid: string | undefined
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** The customer list with its filter, which stands in the address so that a view can be shared. */
export const useCustomers = () => {
  const call = useCall()
  const route = useRoute()
  const router = useRouter()
  const { query } = route
  const filter = ref<CustomerFilter>({
    q: textOf(query['q']) ?? '',
    stage: stages.find((stage) => stage === query['stage']),
    tier: tiers.find((tier) => tier === query['tier']),
    tagId: textOf(query['tag']),
    userid: textOf(query['rep']),
  })
  const pages = usePages((after) => {
    const { q, ...rest } = filter.value
    return call(customers.list, { query: { limit: 50, after, ...(q.trim() === '' ? {} : { q: q.trim() }), ...rest } })
  })
  const filtered = computed(() => Object.values(filter.value).some((value) => Boolean(value)))
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(filter, ({ q, stage, tier, tagId, userid }) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const said = { q: q.trim(), stage, tier, tag: tagId, rep: userid }
      void router.replace({ query: Object.fromEntries(Object.entries(said).filter(([, value]) => value)) })
      void pages.reload()
    }, 250)
  })
  onScopeDispose(() => clearTimeout(timer))
  return { filter, pages, filtered }
}
