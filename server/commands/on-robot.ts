import type { RobotMessage } from '@zhiyin/shared/robot'
import type { Audit } from '../audit/audit.ts'
import type { Robots } from '../groups/robots.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { robots: Pick<Robots, 'send' | 'test'>; audit: Audit }

/** A manager says something through a group's robot, or tries whether it can speak. What was said stands in the send, not in the trail. */
export const onRobot = ({ robots, audit }: Deps) => ({
  async send(actor: SignedIn, groupId: string, key: string, message: RobotMessage): Promise<string> {
    const intentId = await robots.send(groupId, key, message)
    await audit.record({
      actor,
      act: 'robot.send',
      subject: `group:${groupId}`,
      detail: { intentId, kind: message.kind },
    })
    return intentId
  },
  async test(actor: SignedIn, groupId: string, key: string): Promise<string> {
    const intentId = await robots.test(groupId, key)
    await audit.record({ actor, act: 'robot.test', subject: `group:${groupId}`, detail: { intentId } })
    return intentId
  },
})
