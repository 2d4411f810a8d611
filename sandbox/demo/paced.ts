import { setTimeout as sleep } from 'node:timers/promises'
import type { Deed } from '../population/deed.ts'
import { streamOf } from '../population/stream.ts'
import { ofShop, perform } from './perform.ts'
import { persist, type Scene } from './scene.ts'

const tickMs = 100
/** So many deeds go in together at most; who is behind catches up in larger helpings. */
const most = 500
/** Months are pressed together, but nobody chats with a rep before they have their welcome message. */
const afterComingMs = 6000

export type Beat = {
  stopped(): boolean
  /** After each helping: the share of the months that is through, and the deeds a second so far. */
  tell(share: number, rate: number): void
}

/** Keeps back what newcomers do in WeCom until they are settled in. */
const waitingRoom = () => {
  const came = new Map<number, number>()
  let held: Deed[] = []
  return {
    /** What may be done now: of these and of those kept back, in their order. */
    pass(deeds: readonly Deed[], now: number): Deed[] {
      for (const { kind, person } of deeds) if (kind === 'join') came.set(person, now)
      for (const [person, at] of came) if (now - at >= afterComingMs) came.delete(person)
      const all = [...held, ...deeds]
      const mayPass = ({ kind, person }: Deed): boolean => ofShop.has(kind) || !came.has(person)
      held = all.filter((deed) => !mayPass(deed))
      return all.filter(mayPass)
    },
    get held() {
      return held.length
    },
  }
}

/** Streams what a population does at `rate` deeds a second by the wall clock: callbacks and orders happen now, in the model's order. */
export const streamAt = async (scene: Scene, rate: number, beat: Beat): Promise<void> => {
  const { population, book, wecom } = scene
  const { pages } = book
  const end = population.plan.days * 1440
  const stream = streamOf(population)
  let next = stream.next()
  while (next.done !== true && next.value.at <= pages.until) next = stream.next()

  const room = waitingRoom()
  const began = Date.now()
  let done = 0
  const helpingOf = (size: number): Deed[] => {
    const helping: Deed[] = []
    // Deeds of one moment stay together: who stops between them would lose the later ones.
    for (; next.done !== true && (helping.length < size || next.value.at === helping.at(-1)?.at); next = stream.next())
      helping.push(next.value)
    return helping
  }

  // Who stops still lets the last newcomers finish what they began.
  for (let over = false; !over || room.held > 0; over = beat.stopped() || next.done === true) {
    const due = over ? 0 : Math.min(most, Math.floor(((Date.now() - began) / 1000) * rate) - done)
    const helping = due > 0 ? helpingOf(due) : []
    const ready = room.pass(helping, Date.now())
    if (ready.length > 0) {
      const now = await wecom.now()
      await persist(() => perform(scene, ready, () => now))
    }
    if (helping.length > 0) {
      done += helping.length
      pages.until = helping.at(-1)?.at ?? pages.until
      book.save()
      beat.tell(Math.min(1, pages.until / end), (done * 1000) / (Date.now() - began))
    }
    await sleep(tickMs - ((Date.now() - began) % tickMs))
  }
  if (next.done === true) pages.until = end
}
