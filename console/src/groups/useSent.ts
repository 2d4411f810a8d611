import { robots, type RobotSend } from '@zhiyin/shared/api/robots'
import { onScopeDispose, ref, shallowRef } from 'vue'
import { useCall } from '../kit/call.ts'

const everyMs = 1000
const times = 20
const ended: ReadonlySet<string> = new Set(['sent', 'failed', 'blocked', 'unsure'])

/** What became of a send that was just asked for: asked once a second until it has ended, for a while. */
export const useSent = () => {
  const call = useCall()
  const send = shallowRef<RobotSend>()
  const slow = ref(false)
  let turn = 0
  onScopeDispose(() => {
    turn += 1
  })
  const watch = async (id: string): Promise<RobotSend | undefined> => {
    const mine = ++turn
    send.value = undefined
    slow.value = false
    for (let made = 0; made < times; made += 1) {
      const seen = await call(robots.sent, { params: { id } })
      if (mine !== turn) return undefined
      send.value = seen
      if (ended.has(seen.state)) return seen
      await new Promise((resolve) => setTimeout(resolve, everyMs))
      if (mine !== turn) return undefined
    }
    slow.value = true
    return undefined
  }
  return { send, slow, watch }
}
