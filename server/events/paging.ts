import { AppError } from '../platform/errors.ts'

/** The place after an item of a list ordered by (at, id), newest first. Opaque to callers. */
export const nextOf = (last: { at: Date; id: string } | undefined): string | null =>
  last === undefined ? null : `${last.at.getTime()}~${last.id}`

/** The filter for what comes after a place; throws `request.invalid` for a string that is none. */
export const afterOf = (after: string) => {
  const [ms = '', ...rest] = after.split('~')
  const at = new Date(Number(ms))
  if (!/^-?\d+$/.test(ms) || rest.length === 0 || Number.isNaN(at.getTime()))
    throw new AppError('request.invalid', { params: { field: 'after', problem: after } })
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: rest.join('~') } }] }
}
