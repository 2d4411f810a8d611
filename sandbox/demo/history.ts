import { setTimeout as sleep } from 'node:timers/promises'
import { api } from '@zhiyin/shared/api'
import { come } from './come.ts'
import { minutesOf, type Deed } from './deed.ts'
import { perform } from './perform.ts'
import { comebackOf, planOf } from './plan.ts'
import { chanceOf } from './random.ts'
import { confirmAll, tickTasks } from './reps.ts'
import { customerIdOf, joinedAt, knownOf, timeAt, type Scene } from './scene.ts'
import { connectRules } from './setup-rules.ts'

const tries = 4

/** The manager speaks to all groups at once, each in its own tone. */
const pushToGroups = async ({ product, company, book }: Scene): Promise<void> => {
  const { items } = await product.call(api.groups.list)
  const body = {
    key: `weekend-${book.pages.seed}-${book.pages.start}`,
    contentId: company.contents['weekend'] ?? '',
    groupIds: items.map(({ id }) => id),
  }
  await product.call(api.groups.push, { body })
}

export type Told = { readonly day: number; readonly customers: number; readonly orders: number }

/** Lives through the months before today, day by day; a day that was cut short is lived again. */
export const liveHistory = async (scene: Scene, tell: (told: Told) => void): Promise<void> => {
  const { book, people, days, wecom, settle, product } = scene
  const { pages } = book
  const plans = new Map(people.map((person) => [person.index, planOf(person, pages.seed, days)]))

  /** What happens after `from` up to `to`, oldest first: everybody's own plans and what recalls brought about. */
  const deedsBetween = (from: number, to: number): Deed[] => {
    const back = pages.recalls.flatMap(({ person, day }) => {
      const found = people[person]
      return found === undefined ? [] : comebackOf(found, pages.seed, day, days)
    })
    return [...[...plans.values()].flat(), ...back]
      .filter(({ at }) => at > from && at <= to)
      .sort((a, b) => a.at - b.at)
  }

  const morning = async (day: number): Promise<void> => {
    const newcomers = people.filter(({ joinDay }) => joinDay === day).sort((a, b) => joinedAt(a) - joinedAt(b))
    for (const person of newcomers) {
      if (knownOf(scene, person)?.joined === true) continue
      await wecom.goTo(timeAt(scene, joinedAt(person)))
      await come(
        scene,
        person,
        (plans.get(person.index) ?? []).filter(({ at }) => at <= 0),
      )
      if (person.special === 'star') {
        await settle()
        pages.star = knownOf(scene, person)?.external
        await connectRules(product).turnOnRecalls(scene.company.rules, await customerIdOf(scene, person))
      }
    }
  }

  const live = async (day: number): Promise<void> => {
    await morning(day)
    const evening = minutesOf(day, 20 * 60 + chanceOf(pages.seed, 'evening', day).int(2, 40))
    await wecom.goTo(timeAt(scene, evening))
    await confirmAll(scene, day)
    await scene.attempt('tasks', () => tickTasks(scene, day))
    if (day === days - 2) await scene.attempt('group push', () => pushToGroups(scene))
    await perform(scene, deedsBetween(pages.until, evening), ({ person }) => people[person])
    await settle()
    pages.until = evening
    pages.day = day + 1
  }

  while (pages.day < days) {
    const { day } = pages
    for (let tried = 1; !(await scene.attempt(`day ${day + 1}`, () => live(day))); tried += 1) {
      if (tried === tries) throw new Error(`The demo company could not live through day ${day + 1}`)
      await sleep(1500 * tried)
    }
    book.save()
    const customers = Object.values(pages.people).filter(({ joined }) => joined).length
    tell({ day: pages.day, customers, orders: pages.orders })
  }

  await wecom.goTo(null)
  await settle()
  const now = (Date.now() - pages.start) / 60_000
  await perform(scene, deedsBetween(pages.until, now), ({ person }) => people[person])
  pages.until = now
  await settle()
}
