import type { SetAttribute } from './effects.ts'
import type { AppendFacts } from './types.ts'

/** A rule's set_attribute step: what a system says of the customer, which a person's word beats. */
export const createSetAttributes =
  ({ appendFacts }: { appendFacts: AppendFacts }) =>
  async (attributes: readonly SetAttribute[]): Promise<void> => {
    if (attributes.length === 0) return
    await appendFacts(
      attributes.map(({ key, customerId, attribute, value, rule, at }) => ({
        id: `profile.identified:${key}`,
        customerId,
        type: 'profile.identified',
        at,
        source: 'rule',
        payload: { traits: { [attribute]: value }, source: 'ingest', by: rule },
      })),
    )
  }
