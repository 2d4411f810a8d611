import type { Attribute } from '@zhiyin/shared/attribute'
import type { AttributesRoom } from '../attributes/attributes.ts'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'

type Deps = { attributes: Pick<AttributesRoom, 'create' | 'update' | 'remove' | 'quality'>; audit: Audit }

/** A manager defines attributes of the five layers, changes and removes them. */
export const writeAttribute = ({ attributes, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, key: string, detail: Record<string, unknown> = {}): Promise<void> =>
    audit.record({ actor, act, subject: `attribute:${key}`, detail })
  return {
    create: async (actor: SignedIn, attribute: Attribute): Promise<void> => {
      await attributes.create(attribute, nameOf(actor))
      await record(actor, 'attribute.create', attribute.key, {
        name: attribute.name,
        sensitivity: attribute.sensitivity,
      })
    },
    update: async (actor: SignedIn, key: string, version: number, wanted: Omit<Attribute, 'key'>): Promise<void> => {
      await attributes.update(key, version, wanted, nameOf(actor))
      await record(actor, 'attribute.update', key, { name: wanted.name, sensitivity: wanted.sensitivity })
    },
    remove: async (actor: SignedIn, key: string): Promise<void> => {
      await attributes.remove(key)
      await record(actor, 'attribute.remove', key)
    },
    count: async (actor: SignedIn): Promise<void> => {
      await attributes.quality.want()
      await record(actor, 'attribute.count', 'all')
    },
  }
}
