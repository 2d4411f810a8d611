import { z } from 'zod'
import { none } from '@zhiyin/shared/api/endpoint'
import { get, post, put } from '../declare.ts'

/**
 * One value of an event: text (in CDATA), a number (bare), an element with children, or a list: the element as often as it has items.
 * `{ Item: ['a', 'b'] }` is `<Item>a</Item><Item>b</Item>` inside.
 */
export type Field = string | number | readonly Field[] | { readonly [name: string]: Field }
const Field: z.ZodType<Field> = z.lazy(() =>
  z.union([z.string(), z.number(), z.array(Field), z.record(z.string(), Field)]),
)

/** Ways to spoil a delivery: what an attacker or a bad line makes of it. They are sent once, never repeated. */
export const bends = ['garbled', 'forged', 'wrong_receiver', 'replayed', 'bomb', 'huge'] as const
export const How = z.enum(['once', 'twice', 'late', ...bends])
export type How = z.infer<typeof How>

/**
 * One callback by hand. With `event` (a name of GET callbacks/catalog) the fields are filled from the company, with the optional ones when
 * `full`; `fields` overrules, null leaves out. Without `event`, `fields` is all there is besides ToUserName, FromUserName, CreateTime, MsgType.
 * `how` bends it: `late` says it is 10 minutes old, `bomb` carries entities, `huge` is over 5 MB.
 */
export const EmitCallback = z.object({
  event: z.string().optional(),
  fields: z.record(z.string(), z.union([Field, z.null()])).default({}),
  full: z.boolean().default(false),
  how: How.default('once'),
})

/** How callbacks travel, all of it together; what is left out is off. Chance is drawn from `seed`, so that a test repeats. */
export const CallbackMode = z.object({
  /** Each comes so often. */
  repeat: z.int().min(1).max(10).default(1),
  /** Later by ms of real time. */
  delayMs: z.int().min(0).default(0),
  /** Later by ms of the stand-in's clock. */
  lateMs: z.int().min(0).default(0),
  /** Out of order: so many are gathered, then sent shuffled; POST callbacks/release sends the rest. */
  shuffle: z.int().min(0).max(1000).default(0),
  /** Kept until POST callbacks/release. */
  hold: z.boolean().default(false),
  /** Lost: so many of a hundred, the next so many, or those of these names (`change_contact` means all of its kind). */
  dropPercent: z.number().min(0).max(100).default(0),
  dropNext: z.int().min(0).default(0),
  dropEvents: z.array(z.string()).default([]),
  /** Before each true one comes a bent one of each of these kinds, in so many of a hundred cases. */
  bend: z.array(z.enum(bends)).default([]),
  bendPercent: z.number().min(0).max(100).default(100),
  seed: z.int().default(1),
})
export const CallbackRelease = z.object({ order: z.enum(['normal', 'reverse', 'shuffle']).default('normal') })

/** One delivery with its attempts. `message` is what is encrypted: XML, for the AI bot JSON. */
export const CallbackDelivery = z.object({
  id: z.string(),
  at: z.int(),
  to: z.enum(['app', 'bot']),
  event: z.string(),
  message: z.string(),
  how: How,
  attempts: z.array(z.object({ at: z.int(), status: z.int().nullable(), ms: z.int(), error: z.string().optional() })),
  /** waiting: for the stand-in's clock to reach `due`. */
  state: z.enum(['pending', 'delivered', 'given_up', 'held', 'waiting', 'dropped']),
  due: z.int().optional(),
  /** What the receiver answered, decrypted: a passive reply. */
  reply: z.string().optional(),
})

const Deliveries = z.array(CallbackDelivery)

/** Sending callbacks by hand, how they travel, and what became of each. */
export const callbackEndpoints = {
  list: get(
    'callbacks',
    '每次投递的经过；since 为毫秒或最后已知的 id / every delivery; since: epoch ms or the last id known',
    z.object({ since: z.string().optional() }),
    Deliveries,
  ),
  emit: post(
    'callbacks',
    '手工发一个回调，每份一条投递 / send a callback by hand; one delivery per copy',
    EmitCallback,
    Deliveries,
  ),
  catalog: get(
    'callbacks/catalog',
    '能发的全部事件和字段 / every event there is, with its fields',
    none,
    z.array(z.object({ event: z.string(), fields: z.array(z.string()), optional: z.array(z.string()) })),
  ),
  mode: get('callbacks/mode', '回调现在怎么投递 / how callbacks travel now', none, CallbackMode),
  setMode: put('callbacks/mode', '改投递方式；{} 恢复正常 / change it; {} is normal', CallbackMode, CallbackMode),
  release: post('callbacks/release', '放出扣住的回调 / send what is held', CallbackRelease, Deliveries),
  idle: get('idle', '还有多少回调在路上 / callbacks still on their way', none, z.object({ pendingCallbacks: z.int() })),
}
