import type { How } from '../admin/endpoints/callbacks.ts'
import type { Clock } from '../clock.ts'
import type { Live } from '../live.ts'
import type { WecomOptions } from '../options.ts'
import type { Table } from '../store/table.ts'
import { createCourier, isHostile, type Address, type Delivery } from './delivery.ts'
import { createTravel, type Mode, type Order } from './travel.ts'
import { bombXml, toXml, type EventFields } from './xml.ts'

/** Sends events to the receiver, three times at most, and remembers every attempt. */
export interface Callbacks {
  /** Adds the common fields, seals and sends (or holds, loses, delays, as the mode says). Answers one delivery per copy. */
  emit(fields: EventFields, how?: How): Delivery[]
  /** The same for the AI bot: JSON, to its own address, without common fields. */
  emitToBot(fields: EventFields, how?: How): Delivery[]
  mode(): Mode
  setMode(mode: Mode): void
  /** Sends what is held, one after the other in the given order. */
  release(order: Order): Promise<Delivery[]>
  /** `since` is epoch ms (inclusive) or the id of the last delivery known. */
  query(since?: string): Delivery[]
  /** Deliveries that are neither done, held, nor waiting for the clock. */
  pending(): number
  /** Forgets everything; a request under way is finished. */
  reset(): void
  /** Stops; what is not done goes on when the next run opens the same table. */
  close(): void
}

interface Deps {
  options: WecomOptions
  clock: Clock
  live: Live
  /** Deliveries that are not done, so that a restart goes on with them. */
  table: Table<Delivery>
  addressOf: (to: Delivery['to']) => Address
  /** Hears of a delivery that was answered with a passive reply. */
  replied: (delivery: Delivery) => void
}

const KEPT = 20_000
const LATE_S = 600

/** Goes on with what an earlier run left. */
export function createCallbacks({ options, clock, live, table, addressOf, replied }: Deps): Callbacks {
  const travel = createTravel()
  let log: Delivery[] = [...table.values()]
  let held: Delivery[] = log.filter((one) => one.state === 'held')
  let alarms: (() => void)[] = []
  let next = 1 + Math.max(0, ...log.map((one) => Number(one.id.slice(1))))
  let closed = false

  const changed = (delivery: Delivery): void => {
    if (closed) return
    const isDone = delivery.state === 'delivered' || delivery.state === 'given_up' || delivery.state === 'dropped'
    if (!isDone && !isHostile(delivery.how)) table.set(delivery.id, delivery)
    else if (table.has(delivery.id)) table.delete(delivery.id)
    live.publish({ type: 'callback', id: delivery.id, event: delivery.event, state: delivery.state })
    if (delivery.state === 'delivered' && delivery.reply !== undefined) replied(delivery)
  }
  const courier = createCourier(options, clock, addressOf, changed)

  const keep = (delivery: Delivery): void => {
    delivery.state = 'held'
    held.push(delivery)
    changed(delivery)
  }
  const release = async (order: Order): Promise<Delivery[]> => {
    const released = travel.ordered(held, order)
    held = []
    for (const delivery of released) await courier.send(delivery)
    return released
  }
  /** On its way, unless it is kept back to change the order. */
  const depart = (delivery: Delivery): void => {
    const { hold, shuffle, delayMs } = travel.mode()
    if (hold || shuffle > 1) {
      keep(delivery)
      if (!hold && held.length >= shuffle) void release('shuffle')
    } else if (delayMs > 0) {
      const timer = setTimeout(() => void courier.send(delivery), delayMs)
      alarms.push(() => clearTimeout(timer))
    } else void courier.send(delivery)
  }
  const wait = (delivery: Delivery, due: number): void => {
    delivery.state = 'waiting'
    delivery.due = due
    changed(delivery)
    alarms.push(clock.at(due, () => depart(delivery)))
  }

  for (const delivery of log) {
    if (delivery.state === 'waiting') wait(delivery, delivery.due ?? 0)
    else if (delivery.state === 'pending') void courier.send(delivery)
  }

  const make = (to: Delivery['to'], event: string, message: string, how: How): Delivery => {
    const id = `C${String(next++).padStart(8, '0')}`
    const delivery: Delivery = { id, at: clock.now(), to, event, message, how, attempts: [], state: 'pending' }
    log.push(delivery)
    if (log.length > KEPT * 1.2) log = log.slice(-KEPT)
    return delivery
  }
  const send = (to: Delivery['to'], event: string, message: string, how: How): Delivery[] => {
    const { repeat, lateMs } = travel.mode()
    const made: Delivery[] = []
    if (addressOf(to).url !== '' && how === 'once')
      for (const bent of travel.bends()) {
        const delivery = make(to, event, message, bent)
        made.push(delivery)
        void courier.send(delivery)
      }
    for (let copy = 0; copy < (how === 'twice' ? 2 : repeat); copy++) {
      const delivery = make(to, event, message, how)
      made.push(delivery)
      if (addressOf(to).url === '' || travel.isLost(event)) {
        delivery.state = 'dropped'
        changed(delivery)
      } else if (lateMs > 0) wait(delivery, clock.now() + lateMs)
      else depart(delivery)
    }
    return made
  }

  return {
    emit(fields, how = 'once') {
      const full: EventFields = {
        ToUserName: options.corpId,
        FromUserName: fields['FromUserName'] ?? 'sys',
        CreateTime: clock.seconds() - (how === 'late' ? LATE_S : 0),
        MsgType: 'event',
        ...fields,
      }
      return send('app', nameOf(full), how === 'bomb' ? bombXml(full) : toXml(full), how)
    },
    emitToBot(fields, how = 'once') {
      const { msgtype } = fields
      return send('bot', typeof msgtype === 'string' ? `aibot.${msgtype}` : 'aibot', JSON.stringify(fields), how)
    },
    mode: travel.mode,
    setMode: travel.set,
    release,
    query(since) {
      if (since === undefined || since === '') return log
      return log.filter((one) => (/^\d+$/.test(since) ? one.at >= Number(since) : one.id > since))
    },
    pending: courier.pending,
    reset() {
      courier.stop()
      for (const stop of alarms) stop()
      alarms = []
      held = []
      log = []
      travel.reset()
    },
    close() {
      closed = true
      courier.stop()
      for (const stop of alarms) stop()
    },
  }
}

/** `Event.ChangeType`, `Event`, or `message.text` for an ordinary message. */
function nameOf(fields: EventFields): string {
  const { MsgType, Event, ChangeType } = fields
  const parts = MsgType === 'event' ? [Event, ChangeType] : ['message', MsgType]
  return parts.filter((part) => typeof part === 'string').join('.')
}
