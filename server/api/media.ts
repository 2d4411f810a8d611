import { media as endpoints, type Asset } from '@zhiyin/shared/api/media'
import { keepMedia } from '../commands/keep-media.ts'
import type { Clock } from '../platform/clock.ts'
import type { AssetDoc } from '../media/media.ts'
import { goodUntil } from '../media/uploads.ts'
import { bind, type Bound } from './bind.ts'

type Deps = Parameters<typeof keepMedia>[0] & { clock: Clock }

const ok: { ok: true } = { ok: true }

export const mediaApi = ({ media, clock, ...deps }: Deps): Bound[] => {
  const keep = keepMedia({ ...deps, media })

  const present = async (assets: readonly AssetDoc[]): Promise<Asset[]> => {
    const states = await media.states(assets.map(({ _id }) => _id))
    return assets.map(({ _id, kind, name, folder = '', mime, size, seconds, createdAt, createdBy }) => {
      const state = states.get(_id)
      const until = state === undefined ? null : goodUntil(state)
      const ready = until !== null && until.getTime() > clock.now()
      return {
        id: _id,
        kind,
        name,
        folder,
        mime,
        size,
        seconds,
        createdAt: createdAt.toISOString(),
        createdBy,
        readyUntil: ready ? until.toISOString() : null,
        problem: ready ? null : (state?.error ?? null),
      }
    })
  }
  const one = async (asset: AssetDoc): Promise<Asset> => {
    const [shown] = await present([asset])
    if (shown === undefined) throw new Error('presented nothing')
    return shown
  }

  return [
    bind(endpoints.list, async ({ query }) => {
      const { items, next } = await media.files.list(query)
      return { items: await present(items), next }
    }),
    bind(endpoints.upload, async ({ actor, query, file }) => one(await keep.add(actor, query, await file()))),
    bind(endpoints.folders, async ({ query }) => ({ items: await media.files.folders(query.kind) })),
    bind(endpoints.move, async ({ actor, params, body }) => one(await keep.move(actor, params.id, body.folder))),
    bind(endpoints.remove, async ({ actor, params }) => {
      await keep.remove(actor, params.id)
      return ok
    }),
    bind(endpoints.file, async ({ params }) => {
      const asset = await media.files.get(params.id)
      return { mime: asset.mime, name: asset.name, bytes: await media.files.bytesOf(asset) }
    }),
    bind(endpoints.picture, async ({ params }) => ({ url: await media.mediaIdFor(params.id, 'picture') })),
    bind(endpoints.forChat, async ({ params }) => ({ mediaId: await media.mediaIdFor(params.id, 'message') })),
  ]
}
