import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import type { Redis } from '../platform/redis.ts'

/** The platform allows 20 a minute per robot (limits.md §8); a little less leaves room for others who use it. */
const perMinute = 18

/** Takes one of the robot's turns in this minute: 0, or the milliseconds until it has one again. */
export type RobotPace = (groupId: string) => Promise<number>

export const createRobotPace = (redis: Redis): RobotPace => {
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: 'zhiyin:robot',
    points: perMinute,
    duration: 60,
  })
  return async (groupId) => {
    try {
      await limiter.consume(groupId)
      return 0
    } catch (error) {
      if (error instanceof RateLimiterRes) return Math.max(1000, error.msBeforeNext)
      // Without Redis nobody knows the pace; the message waits rather than risking the robot.
      return 5000
    }
  }
}
