import { setTimeout as sleep } from 'node:timers/promises'
import type { Deed } from '../population/deed.ts'
import { streamOf } from '../population/stream.ts'
import { perform } from './perform.ts'
import type { Scene } from './scene.ts'

const tickMs = 100
/** So many deeds go in together at most; who is behind catches up in larger helpings. */
const most = 500

export type Beat = {
  stopped(): boolean
  /** After each helping: the share of the months that is through, and the deeds a second so far. */
  tell(share: number, rate: number): void
}

/** Streams what a population does at `rate` deeds a second by the wall clock: callbacks and orders happen now, in the model's order. */
export const streamAt = async (scene: Scene, rate: number, beat: Beat): Promise<void> => {
  const { population, book, wecom } = scene
  const { pages } = book
  const end = population.plan.days * 1440
  const stream = streamOf(population)
  let next = stream.next()
  for (; next.done !== true && next.value.at <= pages.until;) next = stream.next()

  const began = Date.now()
  let done = 0
  while (next.done !== true && !beat.stopped()) {
    const due = Math.min(most, Math.floor(((Date.now() - began) / 1000) * rate) - done)
    if (due < 1) {
      await sleep(Math.min(tickMs, 1000 / rate))
      continue
    }
    const helping: Deed[] = []
    // Deeds of one moment stay together: who stops between them would lose the later ones.
    for (; next.done !== true && (helping.length < due || next.value.at === helping.at(-1)?.at); next = stream.next())
      helping.push(next.value)
    const now = await wecom.now()
    await perform(scene, helping, () => now)
    done += helping.length
    pages.until = helping.at(-1)?.at ?? pages.until
    book.save()
    beat.tell(Math.min(1, pages.until / end), (done * 1000) / (Date.now() - began))
    const spare = tickMs - ((Date.now() - began) % tickMs)
    await sleep(spare)
  }
  if (next.done === true) pages.until = end
}
