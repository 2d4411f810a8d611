import type { Stage } from '@zhiyin/shared/stage'
import type { Tier } from '@zhiyin/shared/tier'
import type { Variable } from '@zhiyin/shared/variable'
import type { Clock } from '../platform/clock.ts'
import type { CustomerView } from '../profile/view.ts'
import { couponMark } from './coupon-mark.ts'
import type { CouponOf } from './render.ts'
import { scopeOf } from './scope.ts'
import { compile } from './template.ts'
import type { Catalog } from './variables.ts'
import { varsOf, type Vars } from './vars.ts'

type Ask = {
  readonly texts: readonly string[]
  readonly tier: Tier | null
  readonly stage: Stage | null
  readonly view: CustomerView | null
  readonly couponId: string | null
}
export type Preview = (ask: Ask) => Promise<{ texts: string[]; fallbacks: Variable[] }>

type Deps = {
  clock: Clock
  zone: string
  catalog: () => Promise<Catalog>
  couponOf: CouponOf
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** Renders templates that need not be saved, for one customer or with sample values. Throws content.*. Takes no coupon code. */
export const createPreview = ({ clock, zone, catalog, couponOf, names }: Deps): Preview => {
  const varsFor = async (view: CustomerView): Promise<Vars> => {
    const userid = view.follows.find(({ state }) => state === 'following')?.userid
    const rep = userid === undefined ? null : ((await names([userid])).get(userid) ?? null)
    return varsOf(view, rep, clock.date())
  }
  const couponFor = async (couponId: string | null, { sample }: Catalog): Promise<Vars['known']> => {
    const facts = couponId === null ? null : await couponOf(couponId)
    const { 'coupon.code': code = '' } = sample.known
    return facts === null || couponId === null ? {} : { ...couponMark(couponId, facts, zone), 'coupon.code': code }
  }
  return async ({ texts, tier, stage, view, couponId }) => {
    const all = await catalog()
    const { known, attrs } = view === null ? all.sample : await varsFor(view)
    const vars: Vars = {
      attrs,
      known: { ...known, ...(tier ? { tier } : {}), ...(stage ? { stage } : {}), ...(await couponFor(couponId, all)) },
    }
    const templates = texts.map((text) => compile(text, all))
    const paths = [...new Set(templates.flatMap((template) => template.paths))]
    return {
      texts: templates.map((template) => template.render(scopeOf(template.paths, vars, all, zone).scope)),
      fallbacks: view === null ? [] : scopeOf(paths, vars, all, zone).unknown,
    }
  }
}
