import type { ChannelInput } from '@zhiyin/shared/api/channels'
import { AppError } from '../platform/errors.ts'
import type { ChannelDoc } from './channels.model.ts'

type PlanDoc = Pick<ChannelDoc, keyof ChannelInput | 'people' | 'nameKey'>

const once = (list: readonly string[]): string[] => [...new Set(list)]

/**
 * What a manager wants, each member once. Throws `channel.needs_backup` when at some hour, or once all have had their number, nobody
 * would serve, and `channel.stranger` for a shift of somebody who is not of the channel.
 */
export const planOf = (wanted: ChannelInput): PlanDoc => {
  const userids = once(wanted.userids)
  const backups = once(wanted.backups)
  const stranger = wanted.shifts.flatMap((shift) => shift.userids).find((userid) => !userids.includes(userid))
  if (stranger !== undefined) throw new AppError('channel.stranger', { params: { userid: stranger } })
  if (backups.length === 0 && (wanted.shifts.length > 0 || wanted.capPerDay !== null))
    throw new AppError('channel.needs_backup')
  return {
    ...wanted,
    nameKey: wanted.name,
    userids,
    backups,
    tagIds: once(wanted.tagIds),
    people: once([...userids, ...backups]),
  }
}

type Made = { id: string; state: string; at: Date; by: string }

/** A channel that WeCom has not been asked for yet. Should its maker die, the sweep looks for the contact way in a minute. */
export const newChannel = (wanted: ChannelInput, { id, state, at, by }: Made): ChannelDoc => ({
  ...planOf(wanted),
  _id: id,
  state,
  status: 'making',
  createdAt: at,
  createdBy: by,
  deletedAt: null,
  configId: null,
  qrUrl: '',
  askedAt: at,
  looks: 0,
  placed: null,
  by: 'nobody',
  until: null,
  full: [],
  unable: [],
  problem: null,
  comparedAt: at,
  tries: 0,
  dueAt: new Date(at.getTime() + 60_000),
  rev: 0,
})
