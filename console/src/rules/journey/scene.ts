import { MarkerType } from '@vue-flow/core'
import { waysOf, type StepType } from '@zhiyin/shared/rule'
import type { RuleProblem } from '@zhiyin/shared/rule-problem'
import { computed } from 'vue'
import { useLang } from '../../kit/lang.ts'
import { useRuleContext } from '../context.ts'
import { armName, stepSentence } from '../step-sentence.ts'
import { drawingOf } from './drawing.ts'
import type { Figures } from './figures.ts'
import { reachedFrom, type WayRef } from './graph.ts'
import { laidOut, type Laid } from './layout.ts'
import type { Journey } from './useJourney.ts'

/** A step on the canvas: what it does, how many stand there, what is wrong. */
export type NodeData = {
  readonly n: number
  readonly type: StepType
  readonly words: string
  readonly here: number | undefined
  readonly problems: readonly Pick<RuleProblem, 'level' | 'text'>[]
  readonly reached: boolean
  readonly opened: boolean
  /** A new way can be drawn from it by hand: it has one only. */
  readonly single: boolean
}

/** A way on the canvas: the arm it stands for, how many went it, and a plus to put a step there. */
export type EdgeData = {
  readonly ref: WayRef
  readonly to: string | null
  readonly name: string
  readonly count: number | undefined
  readonly line: NonNullable<ReturnType<Laid['lines']['get']>>
}

/** What the canvas shows: every node and edge with its place, words and figures. `shape` changes only when something stands elsewhere. */
export const useScene = (journey: () => Journey, figures: () => Figures, trigger: () => string) => {
  const lang = useLang()
  const { names, problemsOf, gapsOf } = useRuleContext()
  const steps = computed(() => journey().steps.value)
  const drawing = computed(() => drawingOf(steps.value))
  const shape = computed(() => JSON.stringify(drawing.value))
  let laid = { shape: '', of: laidOut({ nodes: [], edges: [] }) }
  const placed = computed(() => {
    if (laid.shape !== shape.value) laid = { shape: shape.value, of: laidOut(drawing.value) }
    return laid.of
  })
  const nodeData = (id: string): NodeData | { words: string } => {
    const index = steps.value.findIndex((each) => each.id === id)
    const step = steps.value[index]
    if (step === undefined) return { words: trigger() }
    return {
      n: index + 1,
      type: step.type,
      words: stepSentence(step, names(), lang.value, steps.value),
      here: figures().here(id),
      problems: [...problemsOf(id), ...gapsOf(id).map((text) => ({ level: 'warning' as const, text }))],
      reached: reachedFrom(steps.value, steps.value[0]?.id).has(id),
      opened: journey().opened.value === id,
      single: waysOf(steps.value, index).length === 1,
    }
  }
  return computed(() => ({
    shape: shape.value,
    width: placed.value.width,
    height: placed.value.height,
    nodes: drawing.value.nodes.map(({ id, kind, width, height }) => ({
      id,
      type: kind,
      position: placed.value.at.get(id) ?? { x: 0, y: 0 },
      width,
      height,
      data: nodeData(id),
    })),
    edges: drawing.value.edges.map(({ id, source, target, ref, to }) => {
      const from = steps.value.find((each) => each.id === ref.stepId)
      const data: EdgeData = {
        ref,
        to,
        name: from === undefined ? '' : armName(from, ref.arm, lang.value),
        count: ref.stepId === null ? undefined : figures().way(ref.stepId, ref.arm),
        line: placed.value.lines.get(id) ?? { bends: [], label: { x: 0, y: 0 } },
      }
      return {
        id,
        source,
        target,
        type: 'way',
        updatable: ref.stepId === null ? false : ('target' as const),
        markerEnd: MarkerType.ArrowClosed,
        data,
      }
    }),
  }))
}
