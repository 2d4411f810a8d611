import type { Step } from '@zhiyin/shared/rule'
import { expect, it } from 'vitest'
import { h, provide, shallowRef } from 'vue'
import { mountIn } from '../../testing/mount.ts'
import { emptyDirectory, namesOf, ruleContextKey } from '../context.ts'
import { figuresOf } from './figures.ts'
import JourneyCanvas from './JourneyCanvas.vue'
import { useJourney } from './useJourney.ts'

const canvasOf = async (count: number) => {
  const steps = shallowRef(
    Array.from({ length: count }, (_, at): Step => ({ id: `s${at}`, type: 'wait', hours: at + 1 })),
  )
  const Canvas = {
    setup: () => {
      provide(ruleContextKey, {
        directory: () => emptyDirectory,
        names: () => namesOf(emptyDirectory, 'zh'),
        limits: () => undefined,
        problemAt: () => '',
        problemsOf: () => [],
        gapsOf: () => [],
        failed: () => undefined,
      })
      const journey = useJourney(
        () => steps.value,
        (next) => (steps.value = next),
      )
      return () => h(JourneyCanvas, { journey, figures: figuresOf(undefined), trigger: '进入「沉默」', whole: false })
    },
  }
  const { wrapper } = await mountIn(Canvas, {})
  const tallOf = (selector: string) => Number.parseInt(wrapper.get<HTMLElement>(selector).element.style.height, 10)
  return { pane: tallOf('.pane'), paper: tallOf('[data-testid=journey-paper]') }
}

it('shows a short journey whole, and lets a long one scroll so that its last step can be reached', async () => {
  const short = await canvasOf(3)
  expect(short.pane).toBe(short.paper)
  const long = await canvasOf(30)
  expect(long.pane).toBe(860)
  // Every step is 78 high, with room for the plus between two.
  expect(long.paper).toBeGreaterThan(30 * (78 + 20))
})
