import type { Step } from '@zhiyin/shared/rule'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import { afterEach, describe, expect, it } from 'vitest'
import { useJourney } from './useJourney.ts'

const task = (id: string, title = id): Step => ({ id, type: 'task', title, dueHours: 24 })
const scopes: EffectScope[] = []
afterEach(() => scopes.splice(0).forEach((scope) => scope.stop()))

const editing = () => {
  const steps = ref<Step[]>([task('a')])
  let at = 0
  const scope = effectScope()
  scopes.push(scope)
  const journey = scope.run(() =>
    useJourney(
      () => steps.value,
      (next) => {
        steps.value = next
      },
      () => at,
    ),
  )
  if (journey === undefined) throw new Error('the scope has ended')
  const titles = () => steps.value.map((step) => (step.type === 'task' ? step.title : step.type))
  return { steps, journey, titles, pass: (ms: number) => (at += ms) }
}

describe('the steps being edited', () => {
  it('go back and forth, and forget what was undone once something else is done', () => {
    const { journey, titles } = editing()
    journey.insert({ stepId: 'a', arm: null }, task('b'))
    journey.move('b', -1)
    expect(titles()).toEqual(['b', 'a'])
    journey.undo()
    journey.undo()
    expect([titles(), journey.canUndo.value]).toEqual([['a'], false])
    journey.redo()
    expect(titles()).toEqual(['a', 'b'])
    journey.remove('a')
    expect([titles(), journey.canRedo.value]).toEqual([['b'], false])
  })

  it('take what is typed into one step within a moment as one change', () => {
    const { journey, titles, pass } = editing()
    for (const title of ['打', '打个', '打个电话']) journey.set(task('a', title))
    pass(5_000)
    journey.set(task('a', '发消息'))
    journey.undo()
    expect(titles()).toEqual(['打个电话'])
    journey.undo()
    expect(titles()).toEqual(['a'])
  })

  it('close the step that is gone, and forget the past when another version is loaded', async () => {
    const { journey, steps } = editing()
    journey.insert({ stepId: 'a', arm: null }, task('b'))
    expect(journey.opened.value).toBe('b')
    journey.undo()
    expect(journey.opened.value).toBe(null)
    steps.value = [task('z')]
    await nextTick()
    expect([journey.canUndo.value, journey.canRedo.value]).toEqual([false, false])
  })
})
