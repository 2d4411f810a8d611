import type { Model } from 'mongoose'
import type { StrayWay } from '@zhiyin/shared/api/channels'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { ContactWay, WecomRead, WecomSetup } from '../wecom/types.ts'
import type { ChannelDoc } from './channels.model.ts'

/** Each has to be asked for by itself. */
const most = 100
/** As far back as WeCom's list goes when nothing is said. */
const spanMs = 90 * 86_400_000
/** WeCom's clock may be ahead of ours by so much. */
const skewMs = 5 * 60_000

type Deps = {
  model: Model<ChannelDoc>
  clock: Clock
  read: Pick<WecomRead, 'contactWay' | 'contactWayIds'>
  setup: Pick<WecomSetup, 'deleteContactWay'>
}

/**
 * Contact ways in WeCom that no channel holds: made by hand or by another tool, or left over when an answer was lost. WeCom's own
 * console does not list them, so this is the only place where they can be found and deleted.
 */
export const createStrays = ({ model, clock, read, setup }: Deps) => {
  const unheld = async (ids: readonly string[]): Promise<string[]> => {
    const held = new Set(await model.distinct('configId', { configId: { $in: [...ids] }, deletedAt: null }))
    return ids.filter((id) => !held.has(id))
  }

  /** Throws not_found, and `conflict.exists` for one that a channel holds. */
  const stray = async (configId: string): Promise<ContactWay> => {
    const holder = await model
      .findOne({ configId, deletedAt: null }, { name: 1 })
      .lean<Pick<ChannelDoc, 'name'> | null>()
    if (holder !== null) throw new AppError('conflict.exists', { status: 409, params: { name: holder.name } })
    const way = await read.contactWay(configId)
    if (way === null) throw notFound('contact way', configId)
    return way
  }

  return {
    stray,
    /** `more`: there are others beyond the first hundred. */
    list: async (): Promise<{ items: StrayWay[]; more: boolean }> => {
      const found: string[] = []
      const span = { from: new Date(clock.now() - spanMs), to: new Date(clock.now() + skewMs) }
      for await (const ids of read.contactWayIds(span)) {
        found.push(...(await unheld(ids)))
        if (found.length > most) break
      }
      const ways: ContactWay[] = []
      for (const id of found.slice(0, most)) {
        const way = await read.contactWay(id)
        if (way !== null) ways.push(way)
      }
      const states = new Set(await model.distinct('state', { state: { $in: ways.map(({ state }) => state) } }))
      const items = ways.map(({ configId, state, remark, userids, qrCode }) => ({
        configId,
        state,
        remark,
        userids,
        qrUrl: qrCode,
        ours: states.has(state),
      }))
      return { items, more: found.length > most }
    },
    /** Throws as `stray` does. */
    remove: async (configId: string): Promise<void> => {
      await stray(configId)
      await setup.deleteContactWay(configId)
    },
  }
}
export type Strays = ReturnType<typeof createStrays>
