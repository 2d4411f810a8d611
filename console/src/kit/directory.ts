import { channels } from '@zhiyin/shared/api/channels'
import { contents } from '@zhiyin/shared/api/contents'
import { groups } from '@zhiyin/shared/api/groups'
import { members } from '@zhiyin/shared/api/members'
import { tags } from '@zhiyin/shared/api/tags'
import { useCall } from './call.ts'
import { useLoad } from './load.ts'

/** Everything a rule names by id: read together, so that a form never shows an id where a name belongs. */
export const useDirectory = () => {
  const call = useCall()
  return useLoad(async () => {
    const [tagList, contentList, groupList, channelList, memberList] = await Promise.all([
      call(tags.list),
      call(contents.list),
      call(groups.list),
      call(channels.list),
      call(members.list),
    ])
    return {
      tags: tagList.items,
      contents: contentList.items,
      groups: groupList.items,
      channels: channelList.items,
      reps: memberList.items.map(({ userid, name }) => ({ id: userid, name })),
    }
  })
}

export const useMembers = () => {
  const call = useCall()
  return useLoad(async () => (await call(members.list)).items)
}

export const useTags = () => {
  const call = useCall()
  return useLoad(async () => (await call(tags.list)).items)
}
