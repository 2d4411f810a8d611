import type { WecomErrorKind } from './types.ts'

/**
 * What each errcode means for us. `bug`: the platform says that our request is wrong; nobody but us can mend it. A code that stands
 * nowhere is `refused` and reported: never a success, never tried for ever.
 */
const codes = {
  /** The token is stale: one refetch, one repeat. 40001 of gettoken itself is a wrong secret (token.ts). */
  token: [40001, 40014, 42001],
  /** Busy, at work, too much at once, or the listing has to begin again: later, more and more slowly. */
  busy: [-1, 6000, 45033, 41063, 41078, 41079, 50100],
  /** The call limit is used up: nothing on this path until the window ends. */
  blocked: [45009],
  /** A setting, a right or a quota in WeCom: a person must act. */
  config: [
    ...[40013, 40091, 41001, 45031, 48001, 48002, 48004, 48005, 48006, 48009, 60020, 50003, 50006, 301002, 40056],
    ...[43009, 90510, 50001, 40093, 85004, 85005, 85008, 40126, 41057, 41045, 41095, 41055, 41058, 40143],
    ...[90206, 90207, 90208, 93000, 93004, 93006, 93008, 40077, 40078, 42007, 42009],
  ],
  /** The person, pair, tag, message or group does not exist for us (any more). */
  gone: [
    ...[40003, 60111, 46004, 60003, 60123, 84061, 40096, 84083, 84084, 40068, 41044, 90501, 90509, 90511, 610004],
    ...[610014, 41047, 95000, 95004],
  ],
  /** Known refusals of this one request: no retry, no alert. */
  refused: [
    ...[45029, 40206, 40035, 40031, 40032, 60011, 60021, 50002, 40007, 40004, 40005, 40006, 40009, 45001, 45002],
    ...[45007, 45008, 81017, 40039, 45034, 40094],
    ...[40029, 42003, 42022, 84014, 84015, 42012],
    ...[84074, 40071, 40072, 41041, 41054, 40098, 41091],
    ...[41048, 41072, 41080, 41081, 41082, 41090, 41093, 41094, 41050, 41051, 41096, 41053, 40201, 40204, 85002, 82004],
    ...[81013, 60140, 42052, 41059, 41060, 41061, 41062, 41067, 41068, 41069, 41070, 41071, 41076, 41077, 41083, 41084],
    ...[41073, 41074, 41075, 41085, 41086, 41087],
    ...[40097, 40099, 40100, 40128, 40129, 40130, 40131, 40205, 90500, 90502, 90503, 90504, 90507, 90508],
    ...[95001, 95002, 95003, 95007, 95013, 95014, 95016, 95018],
  ],
  bug: [
    ...[40058, 40063, 40033, 40008, 44001, 44004, 91040, 41035, 41056, 41037, 41038, 41039, 41040, 41042, 41043],
    ...[41046, 41049, 41064, 41065, 82001, 82002, 82003, 42014, 42015, 42016, 42017, 42018, 42019, 42020, 42027],
    ...[42028, 42029, 42050, 42051],
  ],
} as const satisfies Partial<Record<WecomErrorKind | 'bug', readonly number[]>>

type Meaning = keyof typeof codes
const meanings = new Map<number, Meaning>()
const add = (meaning: Meaning): void => codes[meaning].forEach((code) => void meanings.set(code, meaning))
add('token')
add('busy')
add('blocked')
add('config')
add('gone')
add('refused')
add('bug')

/** Licences (接口许可) of third-party apps. */
const isLicence = (errcode: number): boolean => errcode >= 701001 && errcode <= 701099

const meaningOf = (errcode: number): Meaning | undefined => (isLicence(errcode) ? 'config' : meanings.get(errcode))

/** The kind of an errcode; `refused` for a bug of ours and for one nobody knows. */
export const kindOf = (errcode: number): Exclude<Meaning, 'bug'> => {
  const meaning = meaningOf(errcode)
  return meaning === undefined || meaning === 'bug' ? 'refused' : meaning
}

export const isKnown = (errcode: number): boolean => meaningOf(errcode) !== undefined
/** Whether this refusal shows a bug of ours. */
export const isBug = (errcode: number): boolean => meaningOf(errcode) === 'bug'
