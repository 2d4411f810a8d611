import { intentChannels } from '@zhiyin/shared/intent'
import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Mongo } from '../platform/mongo.ts'
import { intentCollection } from './intents.model.ts'

const id = { projection: { _id: 1 } }
const oldestFirst = { projection: { createdAt: 1 }, sort: { lookAt: 1 } } as const
const beforeClaim = ['wanted', 'permitted'] as const
const afterPermit = ['claimed', 'unsure', 'sent', 'blocked', 'failed'] as const
const working = [...beforeClaim, ...afterPermit]
/** Named in every question, for the index of what is due begins with them. */
const channel = { $in: [...intentChannels] }
const exceptWelcome = { $in: intentChannels.filter((each) => each !== 'welcome') }
/** A wanted mass message waits this long at most for others to join it: it is under way, not at rest. */
const gatheringMs = 5_000

/** Nudges the lanes when something is due; the drain itself moves every due time it finds, so nothing is found twice. */
export const createOutboxSweep = ({ mongo, enqueue }: { mongo: Mongo; enqueue: Enqueue }): Sweep => {
  const intents = intentCollection(mongo.connection)
  return {
    stage: 'outbox',
    prompt: true,
    async run(now) {
      const due = { state: { $in: [...working] }, lookAt: { $lte: now } }
      const [other, welcome] = await Promise.all([
        intents.findOne({ ...due, channel: exceptWelcome }, id),
        intents
          .find({ ...due, channel: 'welcome' as const }, id)
          .limit(200)
          .toArray(),
      ])
      if (other !== null) await enqueue('outbox.send', { intentIds: [other._id] })
      if (welcome.length > 0) await enqueue('outbox.send_now', { intentIds: welcome.map(({ _id }) => _id) })
      return welcome.length + (other === null ? 0 : 1)
    },
  }
}

/** What is under way: due now, gathering, claimed, or with an answer to look for. A robot's lost answers need a person. */
export const createOutboxBacklog = ({ connection }: Mongo): BacklogOf => {
  const intents = intentCollection(connection)
  return {
    stage: 'outbox',
    async count(now) {
      const soon = new Date(now.getTime() + gatheringMs)
      const underWay = { channel, state: { $in: [...afterPermit] }, lookAt: { $exists: true } }
      const due = { channel, state: { $in: [...beforeClaim] }, lookAt: { $lte: now } }
      const gathering = {
        channel,
        state: 'wanted' as const,
        batchKey: { $type: 'string' as const },
        lookAt: { $gt: now, $lte: soon },
      }
      const [calls, waiting, nearly, dead, oldest] = await Promise.all([
        intents.countDocuments(underWay),
        intents.countDocuments(due),
        intents.countDocuments(gathering),
        intents.countDocuments({ state: 'unsure' as const, lookAt: { $exists: false } }),
        intents.findOne({ channel, state: { $in: [...working] }, lookAt: { $lte: now } }, oldestFirst),
      ])
      return { pending: calls + nearly, due: waiting, dead, oldestAt: oldest?.createdAt ?? null }
    },
  }
}
