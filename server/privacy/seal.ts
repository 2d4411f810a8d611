import type { NewFact } from '@zhiyin/shared/fact'
import type { IsSensitive, Vault } from '../platform/vault.ts'
import type { ContactNote, CustomerDetail, CustomerPair, WholeCustomer } from '../profile/read.ts'

type Follow = CustomerDetail['follows'][number]
type Whole = Pick<WholeCustomer, 'state' | 'contact'>
type TraitValue = Whole['state']['traits'][number]['value']
/** A sealed value is of the kind it was, but for a number, which is a text then. */
const valueOf = (sealed: unknown, before: TraitValue): TraitValue =>
  typeof sealed === 'string'
    ? sealed
    : Array.isArray(sealed)
      ? sealed.filter((part): part is string => typeof part === 'string')
      : before

type Deps = {
  vault: Pick<Vault, 'seal' | 'sealText' | 'sealFields'>
  /** Which attributes managers have marked as sensitive now. */
  sensitive: () => Promise<IsSensitive>
}

export type Seal = ReturnType<typeof createSeal>

/**
 * The border over which personal data comes in: what systems, people and WeCom tell is sealed here, before anything is stored. Names and
 * remarks' words stay as they are, for people search by them; a phone written into a remark does not.
 */
export const createSeal = ({ vault, sensitive }: Deps) => {
  const fact = (news: NewFact, isSensitive: IsSensitive): NewFact => {
    switch (news.type) {
      case 'profile.identified': {
        const traits = vault.sealFields(news.payload.traits, isSensitive)
        return { ...news, payload: { ...news.payload, traits } }
      }
      case 'behavior.tracked': {
        const properties = vault.sealFields(news.payload.properties, isSensitive)
        return { ...news, payload: { ...news.payload, properties } }
      }
      case 'note.written':
        return { ...news, payload: { ...news.payload, text: vault.sealText(news.payload.text) } }
      case 'send.changed':
        return { ...news, payload: { ...news.payload, preview: vault.sealText(news.payload.preview) } }
      case 'task.created':
        return { ...news, payload: { ...news.payload, title: vault.sealText(news.payload.title) } }
      case 'task.done':
        return { ...news, payload: { ...news.payload, title: vault.sealText(news.payload.title) } }
      case 'consent.changed': {
        const { proof } = news.payload
        if (proof?.text === undefined) return news
        return { ...news, payload: { ...news.payload, proof: { ...proof, text: vault.sealText(proof.text) } } }
      }
      default:
        return news
    }
  }

  const note = (noted: ContactNote): ContactNote => ({
    ...noted,
    ...(noted.remark === undefined ? {} : { remark: vault.sealText(noted.remark) }),
    ...(noted.description === undefined ? {} : { description: vault.sealText(noted.description) }),
    ...(noted.mobiles === undefined ? {} : { mobiles: noted.mobiles.map((mobile) => vault.seal('phone', mobile)) }),
  })
  const follow = (told: Follow): Follow => ({
    ...told,
    ...(told.remark === undefined ? {} : { remark: vault.sealText(told.remark) }),
    ...(told.description === undefined ? {} : { description: vault.sealText(told.description) }),
    mobiles: told.mobiles.map((mobile) => vault.seal('phone', mobile)),
  })

  return {
    facts: async (news: readonly NewFact[]): Promise<NewFact[]> => {
      const isSensitive = await sensitive()
      return news.map((one) => fact(one, isSensitive))
    },
    /** What WeCom says of a customer. */
    detail: ({ contact, follows }: CustomerDetail): CustomerDetail => ({ contact, follows: follows.map(follow) }),
    pair: ({ contact, follow: told }: CustomerPair): CustomerPair => ({ contact, follow: follow(told) }),
    /** What a rep notes of a customer. */
    note,
    /** A customer as they are kept, where something of before is still in clear. */
    customer: async <W extends Whole>(whole: W): Promise<W> => {
      const isSensitive = await sensitive()
      const { traits, consents } = whole.state
      const state = {
        ...whole.state,
        traits: traits.map((trait) => ({ ...trait, value: valueOf(vault.sealFields({ [trait.key]: trait.value }, isSensitive)[trait.key], trait.value) })),
        consents: consents.map((one) => one.proof?.text === undefined ? one : { ...one, proof: { ...one.proof, text: vault.sealText(one.proof.text) } }),
      } // prettier-ignore
      const contact = whole.contact === null ? null : { ...whole.contact, follows: whole.contact.follows.map(follow) }
      return { ...whole, state, contact }
    },
    text: vault.sealText,
  }
}
