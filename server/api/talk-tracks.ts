import { materials as materialEndpoints, talkTracks as endpoints } from '@zhiyin/shared/api/talk-tracks'
import type { TalkTrack } from '@zhiyin/shared/talk-track'
import { ownCustomer, type OnCustomerDeps } from '../commands/on-customer.ts'
import { writeTalkTrack } from '../commands/write-talk-track.ts'
import type { Materials } from '../content/materials.ts'
import type { SignedIn } from '../platform/actor.ts'
import type { Looking } from '../privacy/read.ts'
import type { TalkTracks } from '../talk/talk-tracks.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof writeTalkTrack>[0] & {
  talkTracks: TalkTracks
  materials: Materials
  read: OnCustomerDeps['read']
  look: Pick<Looking, 'at'>
}

const ok: { ok: true } = { ok: true }
const repOf = (actor: SignedIn): string | null => (actor.kind === 'member' ? actor.userid : null)

const present = ({
  _id,
  keys: _keys,
  lastUsedAt,
  updatedAt,
  ...rest
}: Awaited<ReturnType<TalkTracks['create']>>): TalkTrack => ({
  ...rest,
  id: _id,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  updatedAt: updatedAt.toISOString(),
})

/** Talk tracks, and the materials a rep sends by hand. */
export const talkTracksApi = ({ talkTracks, materials, read, look, audit }: Deps): Bound[] => {
  const { write, remove } = writeTalkTrack({ talkTracks, audit })
  return [
    bind(endpoints.list, async () => ({ items: (await talkTracks.list()).map(present) })),
    bind(endpoints.create, async ({ actor, body }) => present(await write(actor, null, body))),
    bind(endpoints.update, async ({ actor, params, body }) => present(await write(actor, params.id, body))),
    bind(endpoints.remove, async ({ actor, params }) => {
      await remove(actor, params.id)
      return ok
    }),
    bind(endpoints.used, async ({ params, body }) => {
      await talkTracks.used(params.id, body.key)
      return ok
    }),
    bind(endpoints.forCustomer, async ({ actor, params }) => {
      const view = await ownCustomer(read, actor, params.id)
      const items = await talkTracks.forCustomer(view, (text) => materials.say(text, view, repOf(actor)))
      return look.at(actor, view, { items })
    }),
    bind(materialEndpoints.forCustomer, async ({ actor, params, query }) => {
      const view = await ownCustomer(read, actor, params.id)
      return look.at(actor, view, { items: await materials.forCustomer(view, repOf(actor), query.q ?? '') })
    }),
    bind(materialEndpoints.ready, async ({ actor, params }) => {
      const view = await ownCustomer(read, actor, params.id)
      return look.at(actor, view, await materials.ready(view, repOf(actor), params.contentId))
    }),
  ]
}
