import type { Lang } from '@zhiyin/shared/text'
import type { Audit } from '../audit/audit.ts'
import type { Measure } from '../measure/room.ts'
import { scopeOf, type SignedIn } from '../platform/actor.ts'

type Deps = {
  measure: Pick<Measure, 'log'>
  /** Throws not_found. */
  ruleOf: (id: string) => Promise<{ readonly name: string }>
  audit: Audit
}

/** Takes the exposure log of a rule away as a file. Who may not see every customer gets marks in place of ids. */
export const takeExposures =
  ({ measure, ruleOf, audit }: Deps) =>
  async (actor: SignedIn, id: string, lang: Lang): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> => {
    const { name } = await ruleOf(id)
    const clear = actor.role === 'admin' && scopeOf(actor) === null
    await audit.record({ actor, act: 'exposures.download', subject: `rule:${id}`, detail: { masked: !clear } })
    return { name: `${name}-${lang === 'zh' ? '曝光记录' : 'exposures'}.csv`, bytes: measure.log(id, clear, lang) }
  }
