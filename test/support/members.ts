import { createServer } from 'node:http'
import Koa from 'koa'
import type { EventName, EventPayload } from '@zhiyin/shared/events'
import { createActorOf } from '../../server/api/actor-of.ts'
import { apiRouter } from '../../server/api/router.ts'
import { membersApi } from '../../server/api/members.ts'
import { sessionApi } from '../../server/api/session.ts'
import { createAccess } from '../../server/members/access.ts'
import { authRoutes } from '../../server/members/auth-routes.ts'
import { createDepartments } from '../../server/members/departments.ts'
import { membersHandlers } from '../../server/members/handlers.ts'
import { createMembers } from '../../server/members/members.ts'
import { createMembersRead } from '../../server/members/read.ts'
import { createScopeOf } from '../../server/members/scope.ts'
import { createSessions } from '../../server/members/session.ts'
import { createLoginState } from '../../server/members/state.ts'
import type { Clock } from '../../server/platform/clock.ts'
import { errorAnswers, requestContext, type RequestState } from '../../server/platform/http/context.ts'
import { createRateLimit } from '../../server/platform/http/rate-limit.ts'
import { createMetrics } from '../../server/platform/metrics.ts'
import type { Mongo } from '../../server/platform/mongo.ts'
import type { Redis } from '../../server/platform/redis.ts'
import type { Wecom } from '../../server/wecom/types.ts'
import { apiKey, writeKey } from './http.ts'
import { quietLog } from './log.ts'

const secret = 'a session secret of 32 characters and more'

export type MembersWorld = {
  mongo: Mongo
  redis: Redis
  clock: Clock
  wecom: Pick<Wecom, 'read' | 'oauth' | 'tickets'>
}

/** The members' room as one process has it. */
export const membersRoom = ({ mongo, redis, clock, wecom }: MembersWorld) => {
  const access = createAccess({ redis, log: quietLog })
  const members = createMembers({ mongo, clock, wecom: wecom.read, access })
  const departments = createDepartments({ mongo, wecom: wecom.read, access })
  const read = createMembersRead({ mongo })
  const scopeOf = createScopeOf({ mongo })
  const sessions = createSessions({
    config: { SESSION_SECRET: secret, PUBLIC_URL: 'http://127.0.0.1:3000' },
    clock,
    members: { get: read.get, seen: members.seen },
    scopeOf,
    access,
  })
  const table = membersHandlers({ members, departments })
  return {
    members,
    departments,
    read,
    scopeOf,
    sessions,
    loginState: createLoginState(secret, clock, false),
    /** A callback of this kind has come. */
    give: async <N extends EventName>(event: N, fields: EventPayload<N>): Promise<void> => {
      const now = clock.date()
      for (const { run } of table[event] ?? [])
        await run({ id: 'inb_1', key: 'k', event, fields, createTime: now, receivedAt: now })
    },
  }
}
export type MembersRoom = ReturnType<typeof membersRoom>

/** The room behind HTTP: signing in, and the endpoints of session and members. */
export const serveMembers = async (world: MembersWorld, room: MembersRoom) => {
  const app = new Koa<RequestState>()
  app.silent = true
  const server = createServer((request, response) => void app.callback()(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const audit = { record: () => Promise.resolve() }
  const routes = apiRouter({
    bounds: [
      ...sessionApi({
        config: {
          PUBLIC_URL: url,
          WECOM_CORP_ID: 'ww0000000000000001',
          WECOM_AGENT_ID: '1000002',
          TIMEZONE: 'America/New_York',
        },
        members: room.members,
        membersRead: room.read,
        oauth: world.wecom.oauth,
        loginState: room.loginState,
        tickets: world.wecom.tickets,
        audit,
      }),
      ...membersApi({
        members: room.members,
        membersRead: room.read,
        countCustomers: () => Promise.resolve(new Map()),
        sync: { whole: () => Promise.reject(new Error('not asked for')) },
        audit,
      }),
    ],
    rateLimit: createRateLimit(),
    actorOf: createActorOf({ adminApiKey: apiKey, ingestWriteKey: writeKey, memberOf: room.sessions.memberOf }),
    publicUrl: url,
  })
  app.use(requestContext(createMetrics(), world.clock))
  app.use(errorAnswers(quietLog))
  app.use(authRoutes({ oauth: world.wecom.oauth, ...room, log: quietLog }).routes())
  app.use(routes.routes())
  return {
    url,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
