import type { z } from 'zod'
import { attributes } from '@zhiyin/shared/api/attributes'
import { customers as endpoints } from '@zhiyin/shared/api/customers'
import type { TimelineItem } from '@zhiyin/shared/customer'
import type { Fact } from '@zhiyin/shared/fact'
import { membersNamed } from '@zhiyin/shared/timeline'
import type { FactsRead } from '../events/read.ts'
import type { correctAttribute } from '../commands/correct-attribute.ts'
import type { EditContact } from '../commands/edit-contact.ts'
import { mustHold, ownCustomer } from '../commands/on-customer.ts'
import { noteOnCustomer } from '../commands/note-on-customer.ts'
import { setConsent } from '../commands/set-consent.ts'
import { tagCustomer } from '../commands/tag-customer.ts'
import { scopeOf, type SignedIn } from '../platform/actor.ts'
import { notFound } from '../platform/errors.ts'
import {
  profileOf,
  rowOf,
  suggest,
  type Names,
  type ProfileRead,
  type SuggestContents,
  type WholeCustomer,
} from '../profile/read.ts'
import type { Definitions } from '../profile/types.ts'
import type { Looking } from '../privacy/read.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof tagCustomer>[0] & {
  look: Pick<Looking, 'at'>
  editContact: EditContact
  read: ProfileRead
  timeline: FactsRead['timeline']
  definitions: { get(): Promise<Definitions> }
  memberNames: (userids: readonly string[]) => Promise<ReadonlyMap<string, string>>
  suggestContents: SuggestContents
  correct: ReturnType<typeof correctAttribute>
  /** A send has been made good by hand. */
  saidByHand: (intentId: string) => Promise<void>
  /** The company's words for “no more messages”. */
  optOutWords: () => Promise<readonly string[]>
}

const ok: { ok: true } = { ok: true }

/** The members a profile names: those who hold or held the customer, and those who stated a value or noted a consent. */
const membersIn = ({ follows, state }: WholeCustomer): string[] => [
  ...follows.map(({ userid }) => userid),
  ...[...state.traits, ...state.consents].flatMap(({ by }) => (by === null ? [] : [by])),
]

const itemOf = (fact: Fact, members: ReadonlyMap<string, string>): z.input<typeof TimelineItem> => {
  const { id, type, at, source, payload } = fact
  const because = 'because' in payload ? payload.because : []
  const names = Object.fromEntries(
    membersNamed(fact.payload).flatMap((userid) => {
      const name = members.get(userid)
      return name === undefined ? [] : [[userid, name]]
    }),
  )
  return { id, type, at: at.toISOString(), source, payload: { ...payload }, because, names }
}

export const customersApi = (deps: Deps): Bound[] => {
  const { look, read, timeline, definitions, clock, memberNames, tagNames, suggestContents } = deps
  const tag = tagCustomer(deps)
  const consent = setConsent(deps)
  const note = noteOnCustomer(deps)

  const namesFor = async (docs: readonly WholeCustomer[]): Promise<Names> => {
    const userids = new Set(docs.flatMap(membersIn))
    const tagIds = new Set(docs.flatMap((doc) => doc.tagIds))
    const [members, tags] = await Promise.all([memberNames([...userids]), tagNames([...tagIds])])
    return { members, tags }
  }

  const present = async (actor: SignedIn, id: string) => {
    const doc = await read.whole(id)
    if (doc === null) throw notFound('customer', id)
    mustHold(actor, doc)
    const opened = await look.at(actor, { id, follows: doc.follows }, doc)
    return profileOf(opened, await namesFor([doc]), await definitions.get(), clock.date())
  }

  return [
    bind(endpoints.list, async ({ actor, query }) => {
      const { docs, next } = await read.list({ ...query, scope: scopeOf(actor) })
      const [known, defined, now] = [await namesFor(docs), await definitions.get(), clock.date()]
      return { items: docs.map((doc) => rowOf(doc, known, defined, now)), next }
    }),
    bind(endpoints.byExternal, async ({ actor, params }) => {
      const view = await read.byExternal(params.id)
      // One who was added a moment ago is nobody's yet: whoever asks is told to ask again, not that they may not.
      const isNew = view !== null && view.follows.length === 0 && scopeOf(actor) !== null
      if (view === null || isNew) throw notFound('customer', params.id)
      return present(actor, view.id)
    }),
    bind(endpoints.get, ({ actor, params }) => present(actor, params.id)),
    bind(endpoints.timeline, async ({ actor, params, query }) => {
      const view = await ownCustomer(read, actor, params.id)
      const page = await timeline(view.id, query)
      const told = { ...page, items: await read.inOrderUnits(view.id, page.items) }
      const { items, next } = await look.at(actor, view, told)
      const members = await memberNames([...new Set(items.flatMap(({ payload }) => membersNamed(payload)))])
      return { items: items.map((item) => itemOf(item, members)), next }
    }),
    bind(endpoints.suggestions, async ({ actor, params }) => {
      const view = await ownCustomer(read, actor, params.id)
      return look.at(actor, view, { items: await suggest(view, clock.date(), suggestContents) })
    }),
    bind(endpoints.said, async ({ actor, params, body }) => {
      await note(actor, await read.standing(params.id), { kind: 'said', ...body })
      if (body.intentId !== undefined) await deps.saidByHand(body.intentId)
      return ok
    }),
    bind(endpoints.replied, async ({ actor, params, body }) => {
      const optedOut = await note(actor, await read.standing(params.id), { kind: 'replied', ...body })
      return { ok: true as const, optedOut }
    }),
    bind(endpoints.writeNote, async ({ actor, params, body }) => {
      await note(actor, await read.standing(params.id), { kind: 'note', ...body })
      return ok
    }),
    bind(endpoints.editContact, async ({ actor, params, body }) => {
      await deps.editContact(actor, await read.standing(params.id), body)
      return present(actor, params.id)
    }),
    bind(attributes.correct, async ({ actor, params: { id, key }, body }) => {
      await deps.correct.state(actor, id, key, body.value)
      return present(actor, id)
    }),
    bind(attributes.undo, async ({ actor, params: { id, key } }) => {
      await deps.correct.undo(actor, id, key)
      return present(actor, id)
    }),
    bind(endpoints.addTag, async ({ actor, params, body }) => {
      await tag(actor, await read.standing(params.id), body.tagId, 'add')
      return present(actor, params.id)
    }),
    bind(endpoints.removeTag, async ({ actor, params }) => {
      await tag(actor, await read.standing(params.id), params.tagId, 'remove')
      return present(actor, params.id)
    }),
    bind(endpoints.setConsent, async ({ actor, params, body }) => {
      await consent(actor, await read.standing(params.id), body)
      return present(actor, params.id)
    }),
  ]
}
