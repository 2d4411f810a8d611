import { privacy as endpoints } from '@zhiyin/shared/api/privacy'
import type { AuditEntry, ConsentCount, PrivacyRequest } from '@zhiyin/shared/privacy'
import type { AuditEntry as Entry, AuditRead } from '../audit/read.ts'
import { changePrivacy } from '../commands/change-privacy.ts'
import { eraseCustomer } from '../commands/erase-customer.ts'
import { exportCustomer } from '../commands/export-customer.ts'
import { ownCustomer } from '../commands/on-customer.ts'
import { reveal } from '../commands/reveal.ts'
import { scopeOf, within, type Scope, type SignedIn } from '../platform/actor.ts'
import type { Privacy } from '../privacy/read.ts'
import { bind, type Bound } from './bind.ts'
import { onlySeen, type Sees } from './seen.ts'

type NamesOf = (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
type Deps = Parameters<typeof reveal>[0] &
  Parameters<typeof exportCustomer>[0] &
  Parameters<typeof eraseCustomer>[0] & {
    privacy: Privacy
    auditRead: Pick<AuditRead, 'list'>
    countConsents: (scope: Scope) => Promise<ConsentCount[]>
    names: NamesOf
    sees: Sees
    customerNames: NamesOf
  }

const customerOf = ({ subject }: Entry): string | null =>
  subject.startsWith('customer:') ? subject.slice('customer:'.length) : null

export const privacyApi = (deps: Deps): Bound[] => {
  const { privacy, auditRead, names, sees, customerNames, read } = deps
  const show = reveal(deps)
  const copy = exportCustomer(deps)
  const erase = eraseCustomer(deps)
  const change = changePrivacy(deps)

  const present = async (actor: SignedIn, entries: readonly Entry[]): Promise<AuditEntry[]> => {
    const customerIds = [...new Set(entries.flatMap((entry) => customerOf(entry) ?? []))]
    const [members, customers] = await Promise.all([
      names([...new Set(entries.map(({ by }) => by))]),
      sees(actor, customerIds).then((seen) => customerNames([...seen])),
    ])
    return entries.map((entry) => ({
      id: entry._id,
      at: entry.at.toISOString(),
      by: entry.by,
      name: members.get(entry.by) ?? entry.by,
      role: entry.role,
      act: entry.act,
      subject: entry.subject,
      customer: customers.get(customerOf(entry) ?? '') ?? null,
      detail: { ...entry.detail },
    }))
  }

  return [
    bind(endpoints.reveal, async ({ actor, params, body }) => ({
      values: await show(actor, params.id, body.kind, body.reason),
    })),
    bind(endpoints.askExport, ({ actor, params, body }) => copy.ask(actor, params.id, body.reason)),
    bind(endpoints.downloadExport, ({ actor, params }) => copy.download(actor, params.id, params.form)),
    bind(endpoints.erase, ({ actor, params, body }) => erase.ask(actor, params.id, body.reason)),
    bind(endpoints.certificate, ({ actor, params }) => erase.certificate(actor, params.id)),
    bind(endpoints.requests, async ({ actor, query }) => {
      if (query.customerId !== undefined) await ownCustomer(read, actor, query.customerId)
      const items = await privacy.requests.list(query.customerId)
      const scope = scopeOf(actor)
      const asked = query.customerId === undefined ? items.filter(({ by }) => within(scope, by)) : items
      const mine = await onlySeen(sees, actor, ({ customer }: PrivacyRequest) =>
        customer === null ? [] : [customer.id],
      )(asked)
      const members = await names([...new Set(mine.map(({ by }) => by))])
      return { items: mine.map((item) => ({ ...item, by: members.get(item.by) ?? item.by })) }
    }),
    bind(endpoints.consents, async ({ actor }) => ({ items: await deps.countConsents(scopeOf(actor)) })),
    bind(endpoints.settings, () => privacy.settings.fresh()),
    bind(endpoints.changeSettings, ({ actor, body: { retention, needsGrant } }) =>
      change.settings(actor, {
        ...(retention === undefined ? {} : { retention }),
        ...(needsGrant === undefined ? {} : { needsGrant }),
      }),
    ),
    bind(endpoints.retention, async () => ({ items: await privacy.retain.states() })),
    bind(endpoints.keys, () => privacy.rotation.state()),
    bind(endpoints.rotateKeys, async ({ actor }) => {
      await change.rotate(actor)
      return { ok: true as const }
    }),
    bind(endpoints.audit, async ({ actor, query }) => {
      const { from, to, ...rest } = query
      const { items, next } = await auditRead.list({
        ...rest,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
        scope: scopeOf(actor),
      })
      return { items: await present(actor, items), next }
    }),
  ]
}
