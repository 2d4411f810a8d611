import { z } from 'zod'
import { createMoment, publicationOf } from '../company/moments.ts'
import type { MomentRow, PublicationRow } from '../store/rows-acts.ts'
import type { World } from '../world.ts'
import { ANY, endpoint, post } from './endpoint.ts'
import { ApiError, known } from './errors.ts'
import { checkMoment, MomentBody } from './moment-body.ts'
import { CORP, rangeOf, resultOf, shown, visible } from './moment-shapes.ts'
import { page } from './page.ts'
import { cursor, limit, says, seconds, userid } from './schema.ts'

const cgi = '/cgi-bin/externalcontact'
const MONTH_S = 30 * 86_400
const JOB_MS = 86_400_000
const RUNNING_MS = 500
const ALL = 2
const momentId = z.string(says(41059)).min(1, says(41059))

/** The moment, dispatched by now; 41060 when there is none, 41079 when it is not there yet. */
function find(world: World, id: string): MomentRow {
  const moment = known(world.store.moments.get(id), 41060)
  if (moment.ready > world.clock.now()) throw new ApiError(41079)
  return moment
}

/** What a member has published of it: 41061 when it is not his, 41062 when he has not. */
function published(world: World, moment: MomentRow, id: string): PublicationRow {
  if (!moment.senders.includes(id)) throw new ApiError(41061)
  return known(publicationOf(world, moment.moment_id, id), 41062)
}

/** Only moments of the corp are tasks. */
function ofCorp(moment: MomentRow): MomentRow {
  if (moment.creator !== undefined) throw new ApiError(41067)
  return moment
}

/** Customer moments (客户朋友圈): tasks that wait for the members, and what became of them. */
export const moments = [
  endpoint({
    method: 'POST',
    path: `${cgi}/add_moment_task`,
    secrets: ANY,
    rate: (limits) => ({ minute: limits.momentTasksPerMinute }),
    input: MomentBody,
    handle(world, asked) {
      checkMoment(world, asked)
      const now = world.clock.now()
      const pending = [...world.store.moments.values()].filter((one) => one.ready > now)
      if (pending.length >= world.rates.limits().momentTasksPending) throw new ApiError(41078)
      const content = { text: asked.text?.content ?? '', attachments: asked.attachments }
      return { jobid: createMoment(world, { ...content, ...rangeOf(world, asked.visible_range) }).jobid }
    },
  }),
  endpoint({
    method: 'GET',
    path: `${cgi}/get_moment_task_result`,
    secrets: ANY,
    input: z.object({ jobid: z.string().min(1) }),
    handle(world, { jobid }) {
      const now = world.clock.now()
      const moment = known(
        [...world.store.moments.values()].find((one) => one.jobid === jobid),
        40058,
        'jobid',
      )
      if (now - moment.at > JOB_MS) throw new ApiError(40058, 'jobid is older than 24 hours')
      if (now < moment.ready) return { status: moment.ready - now > RUNNING_MS ? 1 : 2, type: 'add_moment_task' }
      return { status: 3, type: 'add_moment_task', result: resultOf(moment) }
    },
  }),
  post(`${cgi}/cancel_moment_task`, z.object({ moment_id: momentId }), (world, { moment_id }) => {
    const moment = ofCorp(find(world, moment_id))
    if (moment.cancelled) throw new ApiError(41093)
    world.store.moments.set(moment_id, { ...moment, cancelled: true })
    return {}
  }),
  post(
    `${cgi}/get_moment_list`,
    z.object({
      start_time: z.int(),
      end_time: z.int(),
      creator: userid.optional(),
      filter_type: z.literal([0, 1, 2]).default(ALL),
      cursor,
      limit: limit(20, 20),
    }),
    (world, asked) => {
      if (asked.end_time < asked.start_time) throw new ApiError(40058, 'end_time before start_time')
      if (asked.end_time - asked.start_time > MONTH_S) throw new ApiError(40058, 'more than 30 days')
      const list = visible(world).filter((one) => {
        const at = seconds(one.at)
        const kind = one.creator === undefined ? CORP : 1
        return (
          at >= asked.start_time &&
          at <= asked.end_time &&
          (asked.filter_type === ALL || asked.filter_type === kind) &&
          (asked.creator === undefined || asked.creator === one.creator)
        )
      })
      const { rows, next_cursor } = page('moments', list, (one) => one.moment_id, asked.cursor, asked.limit)
      return { next_cursor, moment_list: rows.map(shown) }
    },
  ),
  post(
    `${cgi}/get_moment_task`,
    z.object({ moment_id: momentId, cursor, limit: limit(500, 1000) }),
    (world, { moment_id, cursor, limit }) => {
      const { senders } = ofCorp(find(world, moment_id))
      const { rows, next_cursor } = page(`moment ${moment_id}`, senders, (id) => id, cursor, limit)
      const task_list = rows.map((id) => ({
        userid: id,
        publish_status: publicationOf(world, moment_id, id) ? 1 : 0,
      }))
      return { next_cursor, task_list }
    },
  ),
  post(
    `${cgi}/get_moment_customer_list`,
    z.object({ moment_id: momentId, userid, cursor, limit: limit(500, 1000) }),
    (world, asked) => {
      const { wanted } = published(world, find(world, asked.moment_id), asked.userid)
      const scope = `wanted ${asked.moment_id} ${asked.userid}`
      const { rows, next_cursor } = page(scope, wanted, (id) => id, asked.cursor, asked.limit)
      return { next_cursor, customer_list: rows.map((external_userid) => ({ userid: asked.userid, external_userid })) }
    },
  ),
  post(
    `${cgi}/get_moment_send_result`,
    z.object({ moment_id: momentId, userid, cursor, limit: limit(500, 5000) }),
    (world, asked) => {
      const { seen } = published(world, find(world, asked.moment_id), asked.userid)
      const scope = `seen ${asked.moment_id} ${asked.userid}`
      const { rows, next_cursor } = page(scope, seen, (id) => id, asked.cursor, asked.limit)
      return { next_cursor, customer_list: rows.map((external_userid) => ({ external_userid })) }
    },
  ),
  post(`${cgi}/get_moment_comments`, z.object({ moment_id: momentId, userid }), (world, asked) => {
    const { comments, likes } = published(world, find(world, asked.moment_id), asked.userid)
    const listed = (list: PublicationRow['likes']) =>
      list.map(({ at, ...who }) => ({ ...who, create_time: seconds(at) }))
    return { comment_list: listed(comments), like_list: listed(likes) }
  }),
]
