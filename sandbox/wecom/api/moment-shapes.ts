import { z } from 'zod'
import { membersOf } from '../company/customers.ts'
import type { MomentRow } from '../store/rows-acts.ts'
import type { World } from '../world.ts'
import type { MomentBody } from './moment-body.ts'
import { seconds } from './schema.ts'

/** create_type of a moment of the corp; a member's own is 1. */
export const CORP = 0

/** Senders and tags asked for: those that exist, and those that do not. */
export function rangeOf(world: World, range: z.infer<typeof MomentBody>['visible_range']) {
  const user_list = range?.sender_list?.user_list ?? []
  const department_list = range?.sender_list?.department_list ?? []
  const tag_list = range?.external_contact_list?.tag_list ?? []
  const everybody = range?.sender_list === undefined
  const tagIsKnown = (id: string): boolean => world.store.tags.get(id)?.deleted === false
  return {
    senders: membersOf(world, everybody ? { user: [], party: [1] } : { user: user_list, party: department_list }),
    tags: tag_list.filter(tagIsKnown),
    part: tag_list.length > 0,
    invalid: {
      user_list: user_list.filter((id) => world.store.members.get(id)?.status !== 1),
      department_list: department_list.filter((id) => !world.store.departments.has(String(id))),
      tag_list: tag_list.filter((id) => !tagIsKnown(id)),
    },
  }
}

export function resultOf(moment: MomentRow) {
  const { user_list, department_list, tag_list } = moment.invalid
  const nobody = moment.senders.length === 0 || (moment.part && moment.tags.length === 0)
  return {
    ...(nobody
      ? { errcode: 41048, errmsg: 'no customer to send' }
      : { errcode: 0, errmsg: 'ok', moment_id: moment.moment_id }),
    invalid_sender_list: { user_list, department_list },
    invalid_external_contact_list: { tag_list },
  }
}

/** A member's own moment may hold what the client has besides files of the API. */
const body = z.looseObject({}).optional()
const Shown = z.looseObject({ image: body, video: body, link: body })

export function shown(moment: MomentRow) {
  const attachments = moment.attachments.map((one) => Shown.parse(one))
  const images = attachments.flatMap(({ image }) => image ?? [])
  const video = attachments.flatMap((one) => one.video ?? [])[0]
  const link = attachments.flatMap((one) => one.link ?? [])[0]
  return {
    moment_id: moment.moment_id,
    ...(moment.creator === undefined ? {} : { creator: moment.creator }),
    create_time: seconds(moment.at),
    create_type: moment.creator === undefined ? CORP : 1,
    visible_type: moment.part ? 0 : 1,
    ...(moment.text === '' ? {} : { text: { content: moment.text } }),
    ...(images.length > 0 ? { image: images } : {}),
    ...(video === undefined ? {} : { video }),
    ...(link === undefined ? {} : { link }),
  }
}

/** Moments that can be seen in lists: dispatched, with somebody to publish them. */
export function visible(world: World): MomentRow[] {
  const now = world.clock.now()
  return [...world.store.moments.values()].filter((one) => one.ready <= now && resultOf(one).errcode === 0)
}
