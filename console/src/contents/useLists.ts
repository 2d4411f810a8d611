import { contents } from '@zhiyin/shared/api/contents'
import { coupons } from '@zhiyin/shared/api/coupons'
import { segments } from '@zhiyin/shared/api/segments'
import type { Coupon } from '@zhiyin/shared/coupon'
import { builtInVariables, type Variable } from '@zhiyin/shared/variable'
import { computed, type ComputedRef } from 'vue'
import { useCall } from '../kit/call.ts'
import { useLoad } from '../kit/load.ts'

/** What an editor offers to choose from; until it has come, the variables there always are. Segments and coupons are for managers. */
export const useLists = (manager: boolean) => {
  const call = useCall()
  const { data, error } = useLoad(async () => {
    const [variableList, contentList, segmentList, couponList] = await Promise.all([
      call(contents.variables),
      call(contents.list),
      manager ? call(segments.list) : { items: [] },
      manager ? call(coupons.list) : { items: [] },
    ])
    return { variableList, contentList, segmentList, couponList }
  })
  const variables: ComputedRef<readonly Variable[]> = computed(() => data.value?.variableList.items ?? builtInVariables)
  const segmentNames = computed(
    () => new Map((data.value?.segmentList.items ?? []).map(({ id, name }) => [id, name] as const)),
  )
  const couponList: ComputedRef<readonly Coupon[]> = computed(() => data.value?.couponList.items ?? [])
  const folders = computed(() =>
    [...new Set((data.value?.contentList.items ?? []).map(({ folder }) => folder))].filter((each) => each !== ''),
  )
  return { error, variables, segmentNames, coupons: couponList, folders }
}
