import type { Deed } from '../population/deed.ts'
import { reactionTo } from '../population/manners.ts'
import { chanceOf } from '../population/random.ts'
import { streamOf } from '../population/stream.ts'
import { perform, untilGreeted } from './perform.ts'
import { confirmAll, tickTasks } from './reps.ts'
import { inParallel, knownOf, persist, timeAt, type Scene } from './scene.ts'

const day = 1440
/** People who come within so many minutes come at once. */
const waveMinutes = 180
/** What a message brings about happens within so many minutes. */
const reactionMinutes = 10 * day

/** How a history is lived. */
export type Pace = {
  /** Days from one evening to the next: what lies between is done in the evening, with the times it happened. */
  readonly stride: number
  /** Asked before each step. */
  stopped(): boolean
  /** After each step: the share of the time that is lived through. */
  tell(share: number): void
  /** When somebody has just come. */
  arrived(): Promise<void>
  /** In the evening of a day, before the customers' deeds. */
  evening(day: number): Promise<void>
}

/** The star comes alone; others who come on one morning come at once. */
const wavesOf = ({ population }: Scene, joins: readonly Deed[]): Deed[][] => {
  const waves: Deed[][] = []
  for (const deed of joins) {
    const wave = waves.at(-1)
    const first = wave?.[0]
    if (
      wave === undefined ||
      first === undefined ||
      deed.at > first.at + waveMinutes ||
      population.isStar(first.person)
    )
      waves.push([deed])
    else wave.push(deed)
  }
  return waves
}

/** Everything that happens, taken from the stream piece by piece. */
const takerOf = ({ population, book: { pages } }: Scene) => {
  const stream = streamOf(population)
  let next = stream.next()
  return (to: number): Deed[] => {
    const taken: Deed[] = []
    for (; next.done !== true && next.value.at <= to; next = stream.next())
      if (next.value.at > pages.until) taken.push(next.value)
    return taken
  }
}

/** Lives through the population's days up to minute `to` against the stand-in's clock; a step that was cut short is lived again. */
export const liveThrough = async (scene: Scene, to: number, pace: Pace): Promise<void> => {
  const { population, wecom, settle, book } = scene
  const { pages } = book
  const take = takerOf(scene)
  const at = ({ at: minute }: Deed): number => timeAt(scene, minute)

  const reactions = (end: number): Deed[] => {
    pages.received = pages.received.filter((one) => one.at > pages.until - reactionMinutes)
    return pages.received
      .flatMap((one) => reactionTo(population, population.person(one.person), one.message, one.at))
      .filter((deed) => deed.at > pages.until && deed.at <= end)
  }

  const morning = async (joins: readonly Deed[]): Promise<void> => {
    for (const wave of wavesOf(scene, joins)) {
      const [first] = wave
      if (first === undefined) continue
      await wecom.goTo(at(first))
      await perform(scene, wave, at)
      await inParallel(wave, wave.length, ({ person }) =>
        untilGreeted(scene, knownOf(scene, population.person(person)).external),
      )
      await pace.arrived()
    }
  }

  const step = async (end: number, own: readonly Deed[]): Promise<void> => {
    const joins = own.filter(({ kind }) => kind === 'join')
    await morning(joins)
    // A rep can write a note on somebody only once the product knows that they are a contact.
    if (joins.length > 0) await settle()
    await wecom.goTo(timeAt(scene, end))
    const today = Math.floor(end / day)
    await confirmAll(scene, today)
    await scene.attempt('tasks', () => tickTasks(scene, today))
    await pace.evening(today)
    const rest = [...own.filter(({ kind }) => kind !== 'join'), ...reactions(end)]
    await perform(
      scene,
      rest.toSorted((a, b) => a.at - b.at),
      at,
    )
    await settle()
    pages.until = end
  }

  const endOf = (today: number): number =>
    Math.min(to, today * day + 20 * 60 + chanceOf(pages.seed, 'evening', today).int(2, 40))

  while (pages.until < to && !pace.stopped()) {
    const today = pages.until < 0 ? pace.stride - 1 : Math.floor(pages.until / day) + pace.stride
    const end = endOf(today)
    const own = take(end)
    await persist(() => step(end, own))
    book.save()
    pace.tell(Math.min(1, pages.until / to))
  }
}
