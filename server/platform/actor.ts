import type { Role } from '@zhiyin/shared/api/endpoint'

/** Who is asking. A `key` is a script with the admin API key; `ingest` one with the write key. */
export type Actor =
  | { readonly kind: 'member'; readonly userid: string; readonly name: string; readonly role: Role }
  | { readonly kind: 'key'; readonly name: string; readonly role: 'admin' }
  | { readonly kind: 'ingest' }
  | { readonly kind: 'nobody' }

export type SignedIn = Extract<Actor, { role: Role }>

const rank: Readonly<Record<Role, number>> = { rep: 0, manager: 1, admin: 2 }

export const hasRole = (actor: Actor, least: Role): actor is SignedIn =>
  'role' in actor && rank[actor.role] >= rank[least]

/** The name that stands in an audit entry or beside a change. */
export const nameOf = (actor: SignedIn): string => actor.name

/** The userid a rep's list is limited to; null for managers, admins and keys, who see all. */
export const onlyOf = (actor: SignedIn): string | null =>
  actor.kind === 'member' && actor.role === 'rep' ? actor.userid : null
