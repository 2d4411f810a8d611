import { cutBytes } from '@zhiyin/shared/bytes'
import { robotText, type RobotMessage } from '@zhiyin/shared/robot'
import type { RobotLook, SendItem, WantInput } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import { notFound } from '../platform/errors.ts'
import type { Mongo } from '../platform/mongo.ts'
import { groupModel } from './groups.model.ts'

const dayMs = 86_400_000
/** A test that has not gone by then tells nothing any more. */
const testMs = 10 * 60_000
const previewBytes = 4000

export type RobotItem = RobotLook & { groupId: string; group: string }

export type RobotsDeps = {
  mongo: Mongo
  clock: Clock
  wantMany: (inputs: readonly WantInput[]) => Promise<{ _id: string }[]>
  look: (groupIds: readonly string[]) => Promise<ReadonlyMap<string, RobotLook>>
  enable: (groupId: string) => Promise<void>
  sendOf: (intentId: string) => Promise<Pick<SendItem, 'channel' | 'state' | 'because'> | null>
}

const testMessage: RobotMessage = {
  kind: 'text',
  text: '知音：测试消息，机器人可以正常发言。\nZhiyin: a test message, the robot can speak.',
  mentions: [],
  mobiles: [],
}

/** The robots of internal groups: how they stand, and what a person says through one. */
export const createRobots = ({ mongo, clock, wantMany, look, enable, sendOf }: RobotsDeps) => {
  const groups = groupModel(mongo.connection)
  const withRobot = { webhook: { $ne: null }, dismissed: false }

  const check = async (id: string): Promise<void> => {
    if ((await groups.findOne({ _id: id, ...withRobot }, { _id: 1 }).lean()) === null) throw notFound('robot', id)
  }

  const want = async (key: string, groupId: string, robot: RobotMessage, forMs: number): Promise<string> => {
    const body = { text: cutBytes(robotText(robot), previewBytes), attachments: [] }
    const expiresAt = new Date(clock.now() + forMs)
    const [intent] = await wantMany([{ key, channel: 'robot', groupId, robot, body, expiresAt }])
    if (intent === undefined) throw notFound('robot', groupId)
    return intent._id
  }

  return {
    async list(): Promise<RobotItem[]> {
      const found = await groups.find(withRobot, { name: 1 }).sort({ name: 1 }).limit(500).lean()
      const looks = await look(found.map(({ _id }) => _id))
      return found.flatMap(({ _id, name }) => {
        const seen = looks.get(_id)
        return seen === undefined ? [] : [{ groupId: _id, group: name, ...seen }]
      })
    },
    /** Idempotent by key; answers the intent. Throws not_found. */
    async send(groupId: string, key: string, message: RobotMessage): Promise<string> {
      await check(groupId)
      return want(`robot:${groupId}:${key}`, groupId, message, dayMs)
    },
    /** What became of a message. Throws not_found. */
    async sent(intentId: string): Promise<Pick<SendItem, 'state' | 'because'>> {
      const send = await sendOf(intentId)
      if (send?.channel !== 'robot') throw notFound('send', intentId)
      return { state: send.state, because: send.because }
    },
    /** Lets it speak again and tries. Throws not_found. */
    async test(groupId: string, key: string): Promise<string> {
      await check(groupId)
      await enable(groupId)
      return want(`robot-test:${groupId}:${key}`, groupId, testMessage, testMs)
    },
  }
}

export type Robots = ReturnType<typeof createRobots>
