import type { Role } from '@zhiyin/shared/api/endpoint'

/**
 * Whose customers, sends and tasks somebody may see: userids, or null for everybody's. A rep sees their own, a manager those of the
 * departments they lead, an admin all (server/members/scope.ts).
 */
export type Scope = readonly string[] | null

/** Who is asking. A `key` is a script with the admin API key; `ingest` one with the write key. */
export type Actor =
  | {
      readonly kind: 'member'
      readonly userid: string
      readonly name: string
      readonly role: Role
      readonly scope: Scope
    }
  | { readonly kind: 'key'; readonly name: string; readonly role: 'admin' }
  | { readonly kind: 'ingest' }
  | { readonly kind: 'nobody' }

export type SignedIn = Extract<Actor, { role: Role }>

const rank: Readonly<Record<Role, number>> = { rep: 0, manager: 1, admin: 2 }

export const hasRole = (actor: Actor, least: Role): actor is SignedIn =>
  'role' in actor && rank[actor.role] >= rank[least]

/** Who wrote something: the name, and whose it is. */
export const writerOf = (actor: SignedIn): { name: string; id: string } => ({
  name: actor.name,
  id: actor.kind === 'member' ? actor.userid : `key:${actor.name}`,
})

/** The name that stands in an audit entry or beside a change. */
export const nameOf = (actor: SignedIn): string => actor.name

/** What lists are limited to; null for admins and keys, who see all. */
export const scopeOf = (actor: SignedIn): Scope => (actor.kind === 'member' ? actor.scope : null)

type Held = { readonly follows: readonly { readonly userid: string; readonly state: string }[] }

/** Whether a customer is held by somebody of a scope; whoever deleted them holds them no more, who was deleted by them still does. */
export const heldIn = (scope: Scope, { follows }: Held): boolean =>
  scope === null || follows.some(({ userid, state }) => state !== 'deleted_by_rep' && scope.includes(userid))

/** Whether something that belongs to this member is within a scope. */
export const within = (scope: Scope, userid: string | null): boolean =>
  scope === null || (userid !== null && scope.includes(userid))
