import { adviceFor, ipIn } from '@zhiyin/shared/wecom-advice'
import { fill } from '@zhiyin/shared/text'
import type { Sweep } from '../flow/sweep.ts'
import type { WantInput } from '../outbox/read.ts'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { faultsModel, type FaultDoc } from './faults.model.ts'

const DAY_MS = 86_400_000
/** While one of these is at fault the app cannot say anything. */
const NEEDED = ['/cgi-bin/gettoken WECOM_AGENT_SECRET', '/cgi-bin/message/send']

type Deps = {
  mongo: Mongo
  clock: Clock
  admins: () => Promise<readonly string[]>
  wantMany: (inputs: readonly WantInput[]) => Promise<unknown>
  /** Where the checks stand in the console. */
  setupUrl: string
}

const textOf = ({ path, errcode, hint }: FaultDoc, setupUrl: string): string => {
  const advice = adviceFor(errcode)
  const params = { ip: ipIn(hint) }
  return `企业微信拒绝了知音的调用（${errcode}，${path}）\n${fill(advice, params, 'zh')}\n${fill(advice, params, 'en')}\n${setupUrl}`
}

/** Tells the admins of a fault with what to click, at most once an hour for each, where the app itself can still speak. */
export const createAlerts = ({ mongo, clock, admins, wantMany, setupUrl }: Deps): Sweep => {
  const model = faultsModel(mongo.connection)
  return {
    stage: 'setup',
    run: async (now) => {
      const due = await model
        .find({ tellAt: { $lte: now } })
        .limit(20)
        .lean<FaultDoc[]>()
      if (due.length === 0) return 0
      // Written first: told once too seldom rather than every second.
      await model.updateMany(
        { _id: { $in: due.map(({ _id }) => _id) } },
        { $set: { toldAt: now }, $unset: { tellAt: 1 } },
      )
      if (await model.exists({ healedAt: null, path: { $in: NEEDED } })) return due.length
      const userids = [...(await admins())]
      if (userids.length === 0) return due.length
      await wantMany(
        due.map((fault) => ({
          key: `fault:${fault._id}:${now.getTime()}`,
          channel: 'app',
          userids,
          body: { text: textOf(fault, setupUrl), attachments: [] },
          expiresAt: new Date(clock.now() + DAY_MS),
        })),
      )
      return due.length
    },
  }
}
