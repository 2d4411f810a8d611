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
/** What one owner of groups is asked to confirm at most in so many minutes, so that nobody has a screen full of mass messages at once. */
export const ownerPace = { most: 5, minutes: 15 } as const
/** Whoever is further back in the queue has been given up long before (the clock was set back). */
const longestQueueMs = 7 * 24 * hourMs
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

/**
 * Gives every name a turn of one queue, the same again when it is asked again: answers when each may go. KEYS: a sorted set of names by
 * their turns; ARGV: now, window (ms), most in a window, the longest queue (ms), then names. A turn that came is the present one; one
 * nobody took for a whole window is given anew.
 */
const queue = `
local key, now, window, most = KEYS[1], tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
redis.call('ZREMRANGEBYSCORE', key, '(' .. now + tonumber(ARGV[4]), '+inf')
local turns, last = {}, now
for i = 5, #ARGV do
  local had = redis.call('ZSCORE', key, ARGV[i])
  local at = now
  if had then at = math.max(now, tonumber(had))
  else
    local newest = redis.call('ZRANGE', key, -1, -1, 'WITHSCORES')
    if newest[2] then at = math.max(at, tonumber(newest[2])) end
    local before = redis.call('ZRANGE', key, -most, -most, 'WITHSCORES')
    if before[2] then at = math.max(at, tonumber(before[2]) + window) end
  end
  redis.call('ZADD', key, at, ARGV[i])
  last = math.max(last, at)
  turns[#turns + 1] = tostring(at)
end
redis.call('PEXPIRE', key, last - now + window)
return turns`

const renewOwn = `return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0`
const dropOwn = `return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('DEL', KEYS[1]) or 0`

const turnsKey = (groupId: string): string => `zhiyin:robot:${groupId}:turns`
const holdKey = (groupId: string): string => `zhiyin:robot:${groupId}:hold`
const ownerKey = (userid: string): string => `zhiyin:owner:${userid.toLowerCase()}:queue`
/** One slot of a Redis cluster, for they are looked at together. */
const memberKey = (userid: string): string => `zhiyin:{members}:${userid.toLowerCase()}:turns`

/** The word in a group, until it is given back. */
export type Hold = { renew(): Promise<void>; release(): Promise<void> }

export type Pace = {
  /** Takes turns of a robot: 0, or the milliseconds until it has as many again. */
  robot(groupId: string, count: number): Promise<number>
  /** Takes turns of every member, or of none. */
  members(userids: readonly string[], count: number): Promise<number>
  /** When the owner of groups is to be asked to confirm each of these messages (ms); by now: at once. Asked again, a message keeps its turn. */
  owner(userid: string, messages: readonly string[]): Promise<number[]>
  /** Gives back the turns of messages that do not go, where they have not come. */
  ownerSpared(userid: string, messages: readonly string[]): Promise<void>
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
    async owner(userid, messages) {
      const now = clock.now()
      const { most, minutes } = ownerPace
      const blind = messages.map(() => now + blindMs)
      try {
        const told = [now, minutes * minuteMs, most, longestQueueMs, ...messages]
        const answer = await redis.eval(queue, 1, ownerKey(userid), ...told)
        return Array.isArray(answer) && answer.length === messages.length ? answer.map(Number) : blind
      } catch {
        return blind
      }
    },
    async ownerSpared(userid, messages) {
      const key = ownerKey(userid)
      try {
        const turns = await redis.zmscore(key, ...messages)
        const spared = messages.filter((_message, index) => Number(turns[index] ?? 0) > clock.now())
        if (spared.length > 0) await redis.zrem(key, ...spared)
      } catch {
        // Those behind them wait as long as they were told to.
      }
    },
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
