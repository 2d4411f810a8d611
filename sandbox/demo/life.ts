import { setTimeout as sleep } from 'node:timers/promises'
import { basketOf, browsing } from '../population/basket.ts'
import type { Act, Deed } from '../population/deed.ts'
import { fateOf } from '../population/life.ts'
import type { Person } from '../population/person.ts'
import { drawSpend } from '../population/purchase.ts'
import { chanceOf, type Chance } from '../population/random.ts'
import { afterOrders } from '../population/words.ts'
import { newcomersOf } from './people.ts'
import { perform } from './perform.ts'
import { confirmOne } from './reps.ts'
import { minutesAt, type Scene } from './scene.ts'

const newcomersAtMost = 60
/** At first something happens every 20 s or so; a demo left alone slows down, so that it stays a small company. */
const pauseMs = (lived: number, chance: Chance): number => (lived % 1000 < 150 ? 1 : 4) * chance.int(13_000, 27_000)

/** Bought lately and means to buy again: the silent stay silent, so that there is something to recall. */
const livelyOf = ({ population, days }: Scene): Person[] =>
  Array.from({ length: population.plan.customers }, (_, index) => index)
    .filter((index) => !population.isStar(index))
    .filter((index) => {
      const { gone, lastAt } = fateOf(population, index)
      return !gone && lastAt > (days - 30) * 1440
    })
    .map((index) => population.person(index))

/** From now on something small happens every now and then, for ever. */
export const liveOn = async (scene: Scene): Promise<never> => {
  const { wecom, cast, book, population } = scene
  const { pages } = book
  const strangers = newcomersOf(pages)
  const newcomers = Array.from({ length: newcomersAtMost }, (_, nth): Person => {
    const person = strangers.person(nth)
    return { ...person, index: pages.customers + nth }
  })
  const steady = livelyOf(scene)

  const step = async (): Promise<void> => {
    const chance = chanceOf(pages.seed, 'life', pages.lived)
    const lively = [...steady, ...newcomers].filter(({ index }) => {
      const known = cast.get(index)
      return known?.joined === true && !known.deleted
    })
    const next = newcomers.find(({ index }) => cast.get(index)?.joined !== true)
    const now = await wecom.now()
    const act = async (person: Person, what: Act): Promise<void> => {
      const name = `${person.account}-live${pages.lived}`
      const deed: Deed = { id: name, person: person.index, at: minutesAt(scene, now), ...what }
      await perform(
        scene,
        [deed],
        () => now,
        () => person,
      )
    }
    const dice = chance.next()
    if (next !== undefined && (dice < 0.1 || lively.length === 0)) return act(next, { kind: 'join' })
    if (dice < 0.2) return confirmOne(scene)
    if (lively.length === 0) return
    const person = chance.pick(lively)
    if (dice < 0.4) {
      const total = drawSpend(population.plan.model, person.buyer, chance)
      return act(person, { kind: 'order', items: basketOf(person, total, chance), total })
    }
    if (dice < 0.55) return act(person, { kind: 'talk', exchange: chance.pick(afterOrders) })
    if (dice < 0.62) return act(person, { kind: 'join_group' })
    return act(person, browsing(person, chance))
  }

  for (;;) {
    await sleep(pauseMs(pages.lived, chanceOf(pages.seed, 'pause', pages.lived)))
    await scene.attempt('life', step)
    pages.lived += 1
    book.save()
  }
}
