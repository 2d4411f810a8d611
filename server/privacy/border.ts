import type { ClientSession } from 'mongoose'
import type { NewFact } from '@zhiyin/shared/fact'
import { email, phone } from '../cleaning/text.ts'
import type { PersonalKind } from '../platform/personal.ts'
import { replacePersonal } from '../platform/personal.ts'
import type { Arriving } from '../events/read.ts'
import type { WantInput } from '../outbox/read.ts'
import { mask, type IsSensitive, type Vault } from '../platform/vault.ts'
import { erasedId, markOfIndex, type Blind, type CustomerDetail, type CustomerPair } from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import type { WecomRead } from '../wecom/types.ts'
import type { Graves } from './graves.ts'
import { createSeal, type Seal } from './seal.ts'

/** The form that equal phones and e-mail addresses share, null for what is none; anything else as it is. */
export const normalPersonal = (kind: PersonalKind, value: string): string | null => {
  if (kind !== 'phone' && kind !== 'email') return value
  const cleaned = kind === 'phone' ? phone(value) : email(value)
  return 'value' in cleaned ? cleaned.value : null
}

/** Identities that are a phone or an e-mail address are kept by their blind index, also where a shop uses one as its customer number. */
export const createBlind =
  ({ blind }: Pick<Vault, 'blind'>): Blind =>
  (identity) => {
    const { kind, value } = identity
    const isPersonal = kind === 'phone' || kind === 'email' || replacePersonal(value, () => '') !== value
    if (!isPersonal || value.startsWith(markOfIndex)) return identity
    return { ...identity, value: `${markOfIndex}${blind(kind, value)}` }
  }

/** Which attributes are marked as sensitive; worked out once for each version of the definitions. */
export const createSensitive = (definitions: () => Promise<Definitions>) => {
  let known: { readonly of: Definitions; readonly keys: ReadonlySet<string> } | null = null
  const keys = async (): Promise<ReadonlySet<string>> => {
    const now = await definitions()
    if (known?.of !== now) {
      const marked = now.attributes.filter(({ sensitivity }) => sensitivity === 'sensitive').map(({ key }) => key)
      known = { of: now, keys: new Set(marked) }
    }
    return known.keys
  }
  return {
    is: async (): Promise<IsSensitive> => {
      const marked = await keys()
      return (key) => marked.has(key)
    },
    /** All of them, as one text. */
    text: async (): Promise<string> => [...(await keys())].sort().join(' '),
  }
}

/** The two doors by which facts come in: to be stored, and to be folded before they are. */
type Doors = {
  readonly append: (news: readonly NewFact[], session?: ClientSession) => Promise<{ stored: number }>
  readonly arriving: (news: readonly NewFact[]) => Promise<Arriving>
}

/** A store of facts to which nothing personal comes in clear, and nothing of somebody who was erased comes at all. */
export const sealedFacts = <F extends Doors>(facts: F, seal: Seal['facts']): F => {
  const sealed = (news: readonly NewFact[]): Promise<NewFact[]> =>
    seal(news.filter(({ customerId }) => customerId !== erasedId))
  return {
    ...facts,
    append: async (news: readonly NewFact[], session?: ClientSession) => facts.append(await sealed(news), session),
    arriving: async (news: readonly NewFact[]) => facts.arriving(await sealed(news)),
  }
}

type Read = Pick<WecomRead, 'getCustomer' | 'batchGetByUser' | 'groupChat'>
type Deps = { vault: Vault; graves: Graves; definitions: () => Promise<Definitions> }

export type Border = ReturnType<typeof createBorder>

/** Everything personal that comes in passes here. */
export const createBorder = ({ vault, graves, definitions }: Deps) => {
  const sensitive = createSensitive(definitions)
  const seal = createSeal({ vault, sensitive: sensitive.is })
  const detail = (told: CustomerDetail): CustomerDetail => seal.detail(told)

  return {
    seal,
    sensitive,
    blind: createBlind(vault),
    /** Messages of shops as they are shown: sealed as they come, masked as they are shown. */
    hide: {
      in: async (raw: unknown): Promise<unknown> =>
        typeof raw === 'string'
          ? vault.sealText(raw)
          : typeof raw === 'object' && raw !== null && !Array.isArray(raw)
            ? vault.sealFields({ ...raw }, await sensitive.is())
            : raw,
      out: <T extends object>(kept: T): T => vault.open(kept, mask),
    },
    /** What is to be said: a phone that somebody writes into a message waits sealed until it is sent. */
    wish: (input: WantInput): WantInput => ({
      ...input,
      ...vault.sealTexts({
        ...((input.body ?? null) === null ? {} : { body: input.body }),
        ...(input.app === undefined ? {} : { app: input.app }),
        ...(input.robot === undefined ? {} : { robot: input.robot }),
        ...(input.fallback === undefined ? {} : { fallback: input.fallback }),
      }),
    }),
    facts: <F extends Doors>(facts: F): F => sealedFacts(facts, seal.facts),
    /** What WeCom says of customers and groups: sealed, and without those who were erased and are no contacts anew. */
    wecom: <R extends Read>(read: R): R => ({
      ...read,
      getCustomer: async (externalUserId: string) => {
        const told = await read.getCustomer(externalUserId)
        return told === null ? null : detail(told)
      },
      async *batchGetByUser(userids: readonly string[]) {
        for await (const pairs of read.batchGetByUser(userids)) {
          const of = ({ contact, follow }: CustomerPair) => ({
            externalUserId: contact.externalUserId,
            since: follow.createdAt,
          })
          const gone = await graves.unwanted(pairs, of)
          yield pairs.filter((pair) => !gone.has(pair)).map(seal.pair)
        }
      },
      groupChat: async (chatId: string) => {
        const group = await read.groupChat(chatId)
        if (group === null) return null
        const gone = await graves.unwanted(group.members, ({ id, joinedAt }) => ({
          externalUserId: id,
          since: joinedAt,
        }))
        const stay = group.members.filter((member) => !gone.has(member))
        // Who was brought by somebody erased since has come by nobody.
        const brought = stay.flatMap(({ id, inviter, joinedAt }) =>
          inviter === undefined ? [] : [{ id, inviter, joinedAt }],
        )
        const alone = await graves.unwanted(brought, ({ inviter, joinedAt }) => ({
          externalUserId: inviter,
          since: joinedAt,
        }))
        const unnamed = new Set([...alone].map(({ id }) => id))
        return {
          ...group,
          members: stay.map(({ inviter, ...member }) =>
            inviter === undefined || unnamed.has(member.id) ? member : { ...member, inviter },
          ),
        }
      },
    }),
  }
}
