import { allows } from '@zhiyin/shared/consent'
import type { ExportForecast } from '@zhiyin/shared/segment'
import type { CustomerFilter } from '../conditions/filter.ts'
import type { CustomerView } from '../profile/view.ts'
import { seenBy } from './count.ts'
import type { Customers } from './types.ts'

/** Whether somebody may stand in a file: they have agreed that their data is handed on, or need not (`needsGrant`) and have not refused. */
export const mayBeHandedOn = ({ consents }: Pick<CustomerView, 'consents'>, needsGrant: boolean): boolean =>
  allows(consents.sharing, needsGrant)

/** The members of a segment whom somebody may see; `within` as in `seenBy`. */
export const membersOf = (segmentId: string, within: readonly string[] | null): CustomerFilter =>
  seenBy({ 'segments.id': segmentId }, within)

type Deps = {
  customers: Pick<Customers, 'count' | 'views'>
  /** Whether a recorded consent is needed to hand data on. */
  sharingNeedsGrant: () => Promise<boolean>
  /** Days a file is kept. */
  keepDays: () => Promise<number>
}

/** Who may stand in a file, asked before it is made and again whenever it is handed out. */
export const createExportWho = ({ customers, sharingNeedsGrant, keepDays }: Deps) => ({
  needsGrant: sharingNeedsGrant,

  /** What a file would hold now: counted on the members' index. */
  async forecast(segmentId: string, within: readonly string[] | null): Promise<ExportForecast> {
    const members = membersOf(segmentId, within)
    const said = (state: string): Promise<number> => customers.count({ $and: [members, { 'consents.sharing': state }] })
    const [total, granted, withdrawn, needsGrant, days] = await Promise.all([
      customers.count(members),
      said('granted'),
      said('withdrawn'),
      sharingNeedsGrant(),
      keepDays(),
    ])
    const unknown = Math.max(0, total - granted - withdrawn)
    return { total, rows: needsGrant ? granted : granted + unknown, withdrawn, unknown, needsGrant, days }
  },

  /** Of some customers, those who may be handed on now; whoever is gone may not. */
  async still(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const needsGrant = await sharingNeedsGrant()
    const views = await customers.views(ids)
    return new Set(views.flatMap((view) => (mayBeHandedOn(view, needsGrant) ? [view.id] : [])))
  },
})

export type ExportWho = ReturnType<typeof createExportWho>
