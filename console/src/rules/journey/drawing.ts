import type { Step } from '@zhiyin/shared/rule'
import { begin, edgesOf, type WayRef } from './graph.ts'

export type DrawnNode = {
  readonly id: string
  readonly kind: 'trigger' | 'step' | 'end'
  readonly width: number
  readonly height: number
}
export type DrawnEdge = {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly ref: WayRef
  /** Where the way leads; null is the end. */
  readonly to: string | null
}
export type Drawing = { readonly nodes: readonly DrawnNode[]; readonly edges: readonly DrawnEdge[] }

/** The node that stands for what takes customers in. */
export const triggerId = '@trigger'
export const stepSize = { width: 230, height: 78 }
const sizes = { trigger: { width: 250, height: 74 }, step: stepSize, end: { width: 56, height: 26 } }

/** What is drawn: what takes customers in, every step, and an end for each way that leads there. */
export const drawingOf = (steps: readonly Step[]): Drawing => {
  const known = new Set(steps.map(({ id }) => id))
  const first = steps[0]?.id ?? null
  const ways = [
    { ref: begin, to: first, source: triggerId },
    ...edgesOf(steps).map(({ from, arm, to }) => ({
      ref: { stepId: from, arm },
      // A way to a step that is gone ends where it begins; the problem of the step says so.
      to: to !== null && known.has(to) ? to : null,
      source: from,
    })),
  ]
  const edges = ways.map(({ ref, to, source }): DrawnEdge => {
    const id = `${source}/${ref.arm ?? ''}`
    return { id, source, target: to ?? `@end/${id}`, ref, to }
  })
  return {
    nodes: [
      { id: triggerId, kind: 'trigger', ...sizes.trigger },
      ...steps.map(({ id }): DrawnNode => ({ id, kind: 'step', ...sizes.step })),
      ...edges.flatMap(({ to, target }): DrawnNode[] =>
        to === null ? [{ id: target, kind: 'end', ...sizes.end }] : [],
      ),
    ],
    edges,
  }
}
