import type { SchemeInput } from '@zhiyin/shared/tier-scheme'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Tiers } from '../tiers/tiers.ts'

type Deps = { tiers: Pick<Tiers, 'create' | 'update' | 'makePrimary' | 'remove'>; audit: Audit }

/** A manager makes a tier scheme, changes it, makes it the primary one, or deletes it. */
export const writeScheme = ({ tiers, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, id: string, detail: Record<string, unknown>): Promise<void> =>
    audit.record({ actor, act: `scheme.${act}`, subject: `scheme:${id}`, detail })
  return {
    create: async (actor: SignedIn, input: SchemeInput) => {
      const made = await tiers.create(input, nameOf(actor))
      await record(actor, 'create', made._id, { ...input })
      return made
    },
    update: async (actor: SignedIn, id: string, version: number, input: SchemeInput) => {
      const saved = await tiers.update(id, version, input, nameOf(actor))
      await record(actor, 'update', id, { ...input, version: saved.version })
      return saved
    },
    makePrimary: async (actor: SignedIn, id: string) => {
      const saved = await tiers.makePrimary(id, nameOf(actor))
      await record(actor, 'primary', id, { name: saved.name })
      return saved
    },
    remove: async (actor: SignedIn, id: string) => {
      const gone = await tiers.remove(id)
      await record(actor, 'delete', id, { name: gone.name })
    },
  }
}
