import { randomInt } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import { AppError } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { WecomSetup } from '../wecom/types.ts'
import { channelsModel } from './channels.model.ts'
import { viewOf, type ChannelView } from './read.ts'

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const STATE_LENGTH = 12

/** Short, unique, and easy to read out; WeCom allows 30 characters and matches case-sensitively. */
const newState = (): string =>
  Array.from({ length: STATE_LENGTH }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('')

export type Channels = {
  /** Makes the contact way in WeCom, then the channel. Throws `conflict.exists` for a name in use, WecomError when WeCom refuses. */
  create: (wanted: { name: string; userids: string[]; tagIds: string[]; by: string }) => Promise<ChannelView>
}

type Deps = { mongo: Mongo; clock: Clock; newId: NewId; setup: Pick<WecomSetup, 'addContactWay'> }

export const createChannels = ({ mongo, clock, newId, setup }: Deps): Channels => {
  const model = channelsModel(mongo.connection)
  return {
    create: async ({ name, userids, tagIds, by }) => {
      if (await model.exists({ name })) throw new AppError('conflict.exists', { status: 409, params: { name } })
      const state = newState()
      const members = [...new Set(userids)]
      const { configId, qrCode } = await setup.addContactWay({ state, remark: name, userids: members })
      const doc = {
        _id: newId('channel'),
        name,
        state,
        userids: members,
        tagIds: [...new Set(tagIds)],
        qrUrl: qrCode,
        configId,
        createdAt: clock.date(),
        createdBy: by,
      }
      await model.create([doc])
      return viewOf(doc)
    },
  }
}
