import { measure as endpoints } from '@zhiyin/shared/api/measure'
import type { CustomerMeasured, Season } from '@zhiyin/shared/measure'
import { ownCustomer, type OnCustomerDeps } from '../commands/on-customer.ts'
import { setHoldout } from '../commands/set-holdout.ts'
import { takeExposures } from '../commands/take-exposures.ts'
import type { Measure } from '../measure/room.ts'
import type { Rules } from '../rules/room.ts'
import { bind, type Bound } from './bind.ts'

type Deps = {
  measure: Measure
  rules: Pick<Rules['store'], 'get' | 'list' | 'version'>
  read: OnCustomerDeps['read']
  audit: OnCustomerDeps['audit']
}
type Kept = Awaited<ReturnType<Measure['seasons']['begin']>>
type Row = Awaited<ReturnType<Measure['ofCustomer']>>[number]

const seasonOf = ({ _id, name, percent, from, until }: Kept): Season => ({
  id: _id,
  name,
  percent,
  from: from.toISOString(),
  until: until?.toISOString() ?? null,
})

export const measureApi = ({ measure, rules, read, audit }: Deps): Bound[] => {
  const { results, seasons } = measure
  const holdout = setHoldout({ measure, audit })
  const take = takeExposures({ measure, ruleOf: rules.get, audit })

  const exposureOf = async (row: Row): Promise<CustomerMeasured['exposures'][number]> => {
    const ruleId = row.ruleId ?? ''
    const terms = await rules.version(ruleId, row.version)
    const split = terms?.steps.find(({ id }) => id === row.stepId)
    const arms = split?.type === 'split' ? split.arms : []
    return {
      id: row._id,
      ruleId,
      rule: terms?.name ?? '',
      stepId: row.stepId,
      arm: row.arm,
      name: arms.find(({ id }) => id === row.arm)?.name ?? null,
      at: row.at.toISOString(),
      until: row.until.toISOString(),
      goalAt: row.goalAt?.toISOString() ?? null,
      spent: row.spent,
    }
  }

  return [
    bind(endpoints.overview, async ({ query: { limit, after, lift } }) => {
      const all = await rules.list()
      const begin = after === undefined ? 0 : all.findIndex(({ _id }) => _id === after) + 1
      const page = all.slice(begin, begin + limit)
      const items = await Promise.all(
        page.map(async (rule) => ({
          ruleId: rule._id,
          rule: rule.name,
          status: rule.status,
          comparison: await results.ofRule(rule._id, rule, lift),
        })),
      )
      return { items, next: begin + limit < all.length ? (page.at(-1)?._id ?? null) : null }
    }),
    bind(endpoints.rule, async ({ params, query }) => {
      const { version } = await rules.get(params.id)
      return results.measured(params.id, query.version ?? version, query.lift)
    }),
    bind(endpoints.log, async ({ actor, params, query, lang }) => ({
      mime: 'text/csv',
      ...(await take(actor, params.id, query.lang ?? lang)),
    })),
    bind(endpoints.customer, async ({ actor, params }) => {
      const { id } = await ownCustomer(read, actor, params.id)
      const [season, isOut, rows] = await Promise.all([seasons.current(), seasons.heldOut(), measure.ofCustomer(id)])
      return {
        season: season === null ? null : seasonOf(season),
        heldOut: isOut(id),
        exposures: await Promise.all(rows.map(exposureOf)),
      }
    }),
    bind(endpoints.holdout, async ({ query }) => {
      const [season, all] = await Promise.all([seasons.fresh(), seasons.list()])
      return {
        season: season === null ? null : seasonOf(season),
        comparison: season === null ? null : await results.ofSeason(season, query.lift),
        former: all.filter(({ until }) => until !== null).map(seasonOf),
      }
    }),
    bind(endpoints.setHoldout, async ({ actor, body }) => seasonOf(await holdout.percent(actor, body.percent))),
    bind(endpoints.beginSeason, async ({ actor, body }) => seasonOf(await holdout.begin(actor, body))),
  ]
}
