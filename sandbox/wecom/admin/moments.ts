import type Router from 'koa-router'
import { publicationOf, publish, publishOwn, react } from '../company/moments.ts'
import type { World } from '../world.ts'
import { bind } from './bind.ts'
import { momentEndpoints as endpoints } from './endpoints/moments.ts'

/** Customer moments: publishing, commenting, liking. */
export function momentRoutes(router: Router, world: World): void {
  bind(router, endpoints.tasks, ({ query: { userid } }) => tasksOf(world, userid))
  bind(router, endpoints.own, ({ body }) => publishOwn(world, body))
  bind(router, endpoints.publish, ({ params, body }) => publish(world, params.moment_id, body.userid))
  for (const [endpoint, how] of [
    [endpoints.comment, 'comments'],
    [endpoints.like, 'likes'],
  ] as const) {
    bind(router, endpoint, ({ params, body }) => {
      const { comments, likes } = react(world, params.moment_id, how, body)
      return { comments: comments.length, likes: likes.length }
    })
  }
}

function tasksOf(world: World, userid: string | undefined) {
  const now = world.clock.now()
  const dispatched = [...world.store.moments.values()].filter((moment) => moment.ready <= now)
  return dispatched.toReversed().flatMap((moment) =>
    moment.senders
      .filter((sender) => userid === undefined || sender === userid)
      .map((sender) => {
        const publication = publicationOf(world, moment.moment_id, sender)
        const open = moment.cancelled ? ('cancelled' as const) : ('waiting' as const)
        return {
          moment_id: moment.moment_id,
          userid: sender,
          personal: moment.creator !== undefined,
          text: moment.text,
          attachments: moment.attachments,
          status: publication ? ('published' as const) : open,
          create_time: moment.at,
          seen: publication?.seen.length ?? 0,
        }
      }),
  )
}
