import type { SegmentInput } from '@zhiyin/shared/segment'
import type { Audit } from '../audit/audit.ts'
import { nameOf, type SignedIn } from '../platform/actor.ts'
import type { Segments } from '../segments/segments.ts'

type Deps = { segments: Pick<Segments, 'create' | 'update' | 'turn' | 'remove'>; audit: Audit }

/** A manager makes a segment, changes it, switches it on or off, or deletes it. */
export const writeSegment = ({ segments, audit }: Deps) => {
  const record = (actor: SignedIn, act: string, id: string, detail: Record<string, unknown>): Promise<void> =>
    audit.record({ actor, act: `segment.${act}`, subject: `segment:${id}`, detail })
  return {
    create: async (actor: SignedIn, input: SegmentInput) => {
      const made = await segments.create(input, nameOf(actor))
      await record(actor, 'create', made._id, { name: made.name, kind: made.kind })
      return made
    },
    update: async (actor: SignedIn, id: string, version: number, input: SegmentInput) => {
      const saved = await segments.update(id, version, input, nameOf(actor))
      await record(actor, 'update', id, { name: saved.name, version: saved.version })
      return saved
    },
    turn: async (actor: SignedIn, id: string, on: boolean) => {
      const saved = await segments.turn(id, on, nameOf(actor))
      await record(actor, on ? 'on' : 'off', id, { name: saved.name })
      return saved
    },
    remove: async (actor: SignedIn, id: string) => {
      const gone = await segments.remove(id)
      await record(actor, 'delete', id, { name: gone.name, kind: gone.kind })
    },
  }
}
