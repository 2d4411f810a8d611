import { issueWelcomeCode } from '../company/welcome-codes.ts'
import { opaque } from '../ids.ts'
import type { Field } from '../admin/endpoints/callbacks.ts'
import type { RelationRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import type { Sample } from './catalog/sample.ts'
import { newMsgId } from './msgid.ts'
import type { EventFields, FieldValue } from './xml.ts'

type Given = Readonly<Record<string, Field | null>>

/**
 * The fields of a sample with people of the company in them, overruled by what is given (null leaves a field out).
 *
 * @param full with what the platform may leave out
 */
export function fillSample(world: World, sample: Sample, given: Given, full: boolean): EventFields {
  const fields: EventFields = {}
  const wanted = full ? { ...sample.fields, ...sample.optional } : sample.fields
  for (const [name, value] of Object.entries(wanted)) fields[name] = fill(world, value)
  return overrule(world, fields, given)
}

/** Fields given by hand, over those there are. `new` as WelcomeCode makes a live one for the pair, a MsgId in digits is written as a number. */
export function overrule(world: World, fields: EventFields, given: Given): EventFields {
  const result = { ...fields }
  for (const [name, value] of Object.entries(given)) {
    if (value === null) delete result[name]
    else result[name] = value
  }
  const { UserID, ExternalUserID, WelcomeCode, MsgId } = result
  if (WelcomeCode === 'new' && typeof UserID === 'string' && typeof ExternalUserID === 'string')
    result['WelcomeCode'] = issueWelcomeCode(world, UserID, ExternalUserID)
  if (typeof MsgId === 'string' && /^\d+$/.test(MsgId)) result['MsgId'] = BigInt(MsgId)
  return result
}

function fill(world: World, value: FieldValue): FieldValue {
  if (typeof value === 'string') return value.startsWith('@') ? named(world, value) : value
  if (typeof value !== 'object') return value
  if (isList(value)) return value.map((item) => fill(world, item))
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, fill(world, child)]))
}

function isList(value: object): value is readonly FieldValue[] {
  return Array.isArray(value)
}

function named(world: World, name: string): FieldValue {
  const { store, options, clock } = world
  const pair = newestPair(world)
  switch (name) {
    case '@member':
      return pair?.userid ?? first(store.members.keys()) ?? 'sample_member'
    case '@customer':
      return pair?.external_userid ?? first(store.customers.keys()) ?? 'sample_customer'
    case '@group':
      return [...store.groups.values()].find((one) => one.kind === 'customer')?.chat_id ?? 'sample_group'
    case '@tag':
      return first(store.tags.keys()) ?? 'sample_tag'
    case '@tag_group':
      return first(store.tagGroups.keys()) ?? 'sample_tag_group'
    case '@agent':
      return Number(options.agentId)
    case '@bot':
      return options.botId
    case '@now':
      return clock.seconds()
    case '@msgid':
      return newMsgId(clock.now())
    case '@id':
      return opaque(32)
    case '@response_url':
      return `${world.addresses.url}/cgi-bin/aibot/response?response_code=${opaque(32)}`
    default:
      return name
  }
}

/** The two who met last. */
function newestPair(world: World): RelationRow | undefined {
  let newest: RelationRow | undefined
  for (const relation of world.relations.all()) newest = relation
  return newest
}

function first(keys: IterableIterator<string>): string | undefined {
  return keys.next().value
}
