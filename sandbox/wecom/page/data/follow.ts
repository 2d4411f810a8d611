import { onScopeDispose, shallowRef } from 'vue'
import { type ApiError, asApiError } from './call.ts'

const POLL_MS = 2_000
const KEPT = 500

interface FollowOptions<T> {
  /** Rows after `since` (epoch ms or an id), the oldest first. */
  read: (since: string) => Promise<readonly T[]>
  /** Where the first reading begins. */
  from: () => number
  /** Whether a row will not change any more. */
  settled?: (row: T) => boolean
}

/** The newest rows of a growing list, read again every two seconds; rows that may still change are read anew. */
export function useFollow<T extends { id: string }>({ read, from, settled = () => true }: FollowOptions<T>) {
  const rows = shallowRef<readonly T[]>()
  const problem = shallowRef<ApiError>()
  let begin = from()
  let stopped = false

  async function refresh() {
    const known = rows.value ?? []
    const firstOpen = known.findIndex((row) => !settled(row))
    const kept = firstOpen === -1 ? known : known.slice(0, firstOpen)
    try {
      const fresh = await read(kept.at(-1)?.id ?? String(begin))
      rows.value = [...kept, ...fresh].slice(-KEPT)
      problem.value = undefined
    } catch (error) {
      problem.value = asApiError(error)
    }
  }
  async function loop() {
    await refresh()
    if (!stopped) timer = setTimeout(() => void loop(), POLL_MS)
  }
  /** Reads from further back. */
  async function restart(at: number) {
    begin = at
    rows.value = undefined
    await refresh()
  }
  let timer: ReturnType<typeof setTimeout> | undefined
  void loop()
  onScopeDispose(() => {
    stopped = true
    clearTimeout(timer)
  })
  return { rows, problem, refresh, restart }
}
