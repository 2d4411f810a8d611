import type { Tier } from '@zhiyin/shared/tier'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { CustomerView } from '../profile/view.ts'
import { compile } from './template.ts'
import { sampleVars, varsOf, type Vars } from './vars.ts'

export type Preview = (ask: { text: string; tier: Tier | null; customerId: string | null }) => Promise<string>

type Deps = {
  clock: Clock
  views: (ids: readonly string[]) => Promise<readonly CustomerView[]>
  names: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** Renders a template that need not be saved, for one customer or with sample values. Throws content.template, not_found. */
export const createPreview = ({ clock, views, names }: Deps): Preview => {
  const varsFor = async (customerId: string): Promise<Vars> => {
    const [view] = await views([customerId])
    if (view === undefined) throw notFound('customer', customerId)
    const userid = view.follows.find(({ state }) => state === 'following')?.userid
    const rep = userid === undefined ? null : ((await names([userid])).get(userid) ?? null)
    return varsOf(view, rep, clock.date())
  }
  return async ({ text, tier, customerId }) => {
    const template = compile(text)
    const vars = customerId === null ? sampleVars : await varsFor(customerId)
    return template.render(tier === null ? vars : { ...vars, tier })
  }
}
