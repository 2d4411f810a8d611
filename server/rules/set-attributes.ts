import type { NewFact } from '@zhiyin/shared/fact'
import type { SetAttribute } from './effects.ts'
import type { AppendFacts } from './types.ts'

/** What a set_attribute step says of a customer, as a fact. */
export const attributeFact = ({ key, customerId, attribute, value, rule, at }: SetAttribute): NewFact => ({
  id: `profile.identified:${key}`,
  customerId,
  type: 'profile.identified',
  at,
  source: 'rule',
  payload: { traits: { [attribute]: value }, source: 'rule', by: rule },
})

/** A rule's set_attribute step: what it concludes of the customer, which a person's word beats. */
export const createSetAttributes =
  ({ appendFacts }: { appendFacts: AppendFacts }) =>
  async (attributes: readonly SetAttribute[]): Promise<void> => {
    if (attributes.length > 0) await appendFacts(attributes.map(attributeFact))
  }
