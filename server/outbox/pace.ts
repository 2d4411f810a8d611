import { randomUUID } from 'node:crypto'
import { robotPerMinute } from '@zhiyin/shared/robot'
import type { Clock } from '../platform/clock.ts'
import type { Redis } from '../platform/redis.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
/** A turn is counted when it is given, but WeCom counts when the call arrives: no window is shorter than a call may take more. */
const onTheWayMs = 10_000
/** 20 a minute per robot (limits.md §8). */
const robotWindows = [minuteMs + onTheWayMs, robotPerMinute] as const
/** One member takes 30 a minute and 1000 an hour from all apps, and the rest is dropped without a word (limits.md §2). */
const memberWindows = [minuteMs + onTheWayMs, 24, hourMs + onTheWayMs, 900] as const
/** Nobody knows the pace without Redis: what would go waits rather than risking it. */
const blindMs = 5000
/** How long the word is a robot's own when its process dies. */
const holdMs = 30_000

/**
 * Takes `count` turns of every receiver, or of none: answers 0, or the ms until all have that many again. KEYS: a sorted set of
 * times per receiver; ARGV: now, count, a name of its own, then pairs of window (ms) and most. Times after now (a clock that was set
 * back) do not count.
 */
const take = `
local now, count = tonumber(ARGV[1]), tonumber(ARGV[2])
local longest, wait = 0, 0
for i = 4, #ARGV, 2 do longest = math.max(longest, tonumber(ARGV[i])) end
for _, key in ipairs(KEYS) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - longest)
  redis.call('ZREMRANGEBYSCORE', key, '(' .. now + ${minuteMs}, '+inf')
  for i = 4, #ARGV, 2 do
    local ms, most = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
    local after = '(' .. now - ms
    local over = redis.call('ZCOUNT', key, after, '+inf') + math.min(count, most) - most
    if over > 0 then
      local last = redis.call('ZRANGEBYSCORE', key, after, '+inf', 'WITHSCORES', 'LIMIT', over - 1, 1)
      wait = math.max(wait, tonumber(last[2]) + ms - now)
    end
  end
end
if wait > 0 then return math.ceil(wait) end
for _, key in ipairs(KEYS) do
  for i = 1, count do redis.call('ZADD', key, now, ARGV[3] .. ':' .. i) end
  redis.call('PEXPIRE', key, longest)
end
return 0`

const renewOwn = `return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0`
const dropOwn = `return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0`

const turnsKey = (groupId: string): string => `zhiyin:robot:${groupId}:turns`
const holdKey = (groupId: string): string => `zhiyin:robot:${groupId}:hold`
/** One slot of a Redis cluster, for they are looked at together. */
const memberKey = (userid: string): string => `zhiyin:{members}:${userid.toLowerCase()}:turns`

/** The word in a group, until it is given back. */
export type Hold = { renew(): Promise<void>; release(): Promise<void> }

export type Pace = {
  /** Takes turns of a robot: 0, or the milliseconds until it has as many again. */
  robot(groupId: string, count: number): Promise<number>
  /** Takes turns of every member, or of none. */
  members(userids: readonly string[], count: number): Promise<number>
  /** Turns a robot has used in the last minute. */
  robotUsed(groupId: string): Promise<number>
  /** Lets one process at a time speak for a robot; null when another does. */
  hold(groupId: string): Promise<Hold | null>
}

/** The pace of robots and members for all processes, kept in Redis by the product's clock. */
export const createPace = (redis: Redis, clock: Pick<Clock, 'now'>): Pace => {
  const turns = async (keys: readonly string[], count: number, windows: readonly number[]): Promise<number> => {
    if (keys.length === 0 || count === 0) return 0
    try {
      const answer = await redis.eval(take, keys.length, ...keys, clock.now(), count, randomUUID(), ...windows)
      return typeof answer === 'number' ? answer : blindMs
    } catch {
      return blindMs
    }
  }

  return {
    robot: (groupId, count) => turns([turnsKey(groupId)], count, robotWindows),
    members: (userids, count) => turns([...new Set(userids.map(memberKey))], count, memberWindows),
    robotUsed: (groupId) => redis.zcount(turnsKey(groupId), `(${clock.now() - minuteMs}`, '+inf'),
    async hold(groupId) {
      const own = randomUUID()
      const key = holdKey(groupId)
      try {
        if ((await redis.set(key, own, 'PX', holdMs, 'NX')) === null) return null
      } catch {
        return null
      }
      return {
        renew: async () => void (await redis.eval(renewOwn, 1, key, own, holdMs)),
        release: async () => void (await redis.eval(dropOwn, 1, key, own)),
      }
    },
  }
}
