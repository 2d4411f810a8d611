import { setTimeout as sleep } from 'node:timers/promises'
import { come } from './come.ts'
import type { Act, Deed } from './deed.ts'
import { perform } from './perform.ts'
import { peopleOf, type Person } from './people.ts'
import { basketOf, browsing } from './plan.ts'
import { afterOrders } from './company/words.ts'
import { chanceOf, type Chance } from './random.ts'
import { confirmOne } from './reps.ts'
import { knownOf, type Scene } from './scene.ts'

const newcomersAtMost = 60
/** At first something happens every 20 s or so; a demo left alone slows down, so that it stays a small company. */
const pauseMs = (lived: number, chance: Chance): number => (lived % 1000 < 150 ? 1 : 4) * chance.int(13_000, 27_000)

/** People who come after the history, one after another. */
const newcomersOf = ({ book, days }: Scene): Person[] =>
  peopleOf(book.pages.seed + 1, newcomersAtMost + 1, days)
    .slice(1)
    .map((person, nth) => ({
      ...person,
      index: book.pages.customers + nth,
      account: `shop-${20_001 + nth}`,
      kind: person.kind === 'gone' ? 'once' : person.kind,
      special: null,
    }))

/** Who still comes by: the silent stay silent, so that there is something to recall. */
const isLively = (scene: Scene, person: Person): boolean => {
  const known = knownOf(scene, person)
  const steady = person.kind === 'vip' || person.kind === 'loyal' || person.kind === 'regular'
  return known?.joined === true && !known.deleted && steady && person.until >= scene.days && person.special === null
}

/** From now on something small happens every now and then, in real time, for ever. */
export const liveOn = async (scene: Scene): Promise<never> => {
  const { pages } = scene.book
  const newcomers = newcomersOf(scene)

  const step = async (): Promise<void> => {
    const chance = chanceOf(pages.seed, 'life', pages.lived)
    const everybody = [...scene.people, ...newcomers]
    const lively = everybody.filter((person) => isLively(scene, person))
    const next = newcomers.find((person) => knownOf(scene, person)?.joined !== true)
    const dice = chance.next()
    if (next !== undefined && (dice < 0.1 || lively.length === 0)) return come(scene, next, [])
    if (dice < 0.2) return confirmOne(scene)
    if (lively.length === 0) return
    const person = chance.pick(lively)
    const at = (Date.now() - pages.start) / 60_000
    const act = ((): Act => {
      if (dice < 0.4) return { kind: 'order', ...basketOf(person, chance) }
      if (dice < 0.55) return { kind: 'talk', exchange: chance.pick(afterOrders) }
      if (dice < 0.62) return { kind: 'join_group' }
      return browsing(person, chance)
    })()
    const deed: Deed = { id: `${person.account}-live${pages.lived}`, person: person.index, at, ...act }
    await perform(scene, [deed], () => person)
  }

  for (;;) {
    await sleep(pauseMs(pages.lived, chanceOf(pages.seed, 'pause', pages.lived)))
    await scene.attempt('life', step)
    pages.lived += 1
    scene.book.save()
  }
}
