import type { Tier } from '@zhiyin/shared/tier'
import type { GroupDoc } from './groups.model.ts'

/** A group as the room hands it out: the robot's address never leaves. */
export type GroupItem = {
  id: string
  chatId: string | null
  kind: GroupDoc['kind']
  name: string
  owner: string | null
  tier: Tier
  tags: string[]
  members: number
  hasRobot: boolean
}

export const itemOf = ({ _id, chatId, kind, name, owner, tier, tags, members, webhook }: GroupDoc): GroupItem => ({
  id: _id,
  chatId,
  kind,
  name,
  owner,
  tier,
  tags,
  members,
  hasRobot: webhook !== null,
})
