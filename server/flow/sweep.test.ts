import { expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { quietLog } from '../../test/support/log.ts'
import { startSweeps, type Sweep } from './sweep.ts'

/**
 * The rounds of two stages that find nothing, until `rounds` have begun: `+` looked at both, `-` at the prompt one only. `wake` is called
 * once, in round `at`, and may answer what the prompt stage found.
 */
const watch = async (rounds: number, at = 0, wake?: (scene: Scene) => number): Promise<string> => {
  const clock = movableClock()
  let jobs = 0
  let seen = ''
  let over = false
  const scene: Scene = { jump: () => clock.advance(60_000), runJob: () => void (jobs += 1) }
  await new Promise<void>((done) => {
    const prompt: Sweep = {
      stage: 'prompt',
      prompt: true,
      run: async () => {
        over ||= seen.length === rounds
        if (over) {
          done()
          return 0
        }
        seen += '-'
        return seen.length === at ? (wake?.(scene) ?? 0) : 0
      },
    }
    const patient: Sweep = {
      stage: 'patient',
      run: async () => {
        if (!over && seen.endsWith('-')) seen = `${seen.slice(0, -1)}+`
        return 0
      },
    }
    const { close } = startSweeps({
      sweeps: [prompt, patient],
      clock,
      log: quietLog,
      jobsRun: () => jobs,
      everyMs: 1,
    })
    closing.push(close)
  })
  for (const close of closing.splice(0)) await close()
  return seen
}
type Scene = { jump(): void; runJob(): void }
const closing: (() => Promise<void>)[] = []

it('looks at every stage in each round, at rest in each fifth; at the prompt ones always', async () => {
  expect(await watch(25)).toBe('+++--+----+----+----+----')
})

it.each<[string, (scene: Scene) => number]>([
  ['something is found', () => 1],
  [
    'a job has run',
    ({ runJob }) => {
      runJob()
      return 0
    },
  ],
  [
    'the clock has jumped',
    ({ jump }) => {
      jump()
      return 0
    },
  ],
  [
    'a look failed',
    () => {
      throw new Error('no database')
    },
  ],
])('is awake again when %s', async (_what, wake) => {
  expect(await watch(30, 13, wake)).toBe('+++--+----+--+++--+----+----+-')
})
