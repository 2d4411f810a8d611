import type { Step } from '@zhiyin/shared/rule'
import { computed, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { inserted, moved, reconnected, removed } from './edit.ts'
import type { WayRef } from './graph.ts'

export type Journey = {
  readonly steps: ComputedRef<readonly Step[]>
  /** The step being edited beside the canvas. */
  readonly opened: Ref<string | null>
  readonly insert: (ref: WayRef, step: Step) => void
  readonly remove: (id: string, keep?: string | null) => void
  readonly lead: (ref: WayRef, to: string | null) => void
  readonly move: (id: string, by: -1 | 1) => void
  /** Puts a step in place of the one with its id. */
  readonly set: (step: Step) => void
  readonly undo: () => void
  readonly redo: () => void
  readonly canUndo: ComputedRef<boolean>
  readonly canRedo: ComputedRef<boolean>
}

const most = 100
/** Changes to one step within this time are one to undo. */
const togetherMs = 1_000

/** The steps of a rule being edited, with every change to undo and redo; the same for the canvas and the list. */
export const useJourney = (
  steps: () => readonly Step[],
  put: (steps: Step[]) => void,
  now: () => number = Date.now,
): Journey => {
  const past = shallowRef<readonly (readonly Step[])[]>([])
  const future = shallowRef<readonly (readonly Step[])[]>([])
  const opened = ref<string | null>(null)
  let mine: string | undefined
  let last: { what: string; at: number } | undefined
  const show = (next: readonly Step[]): void => {
    mine = JSON.stringify(next)
    put([...next])
    if (opened.value !== null && !next.some(({ id }) => id === opened.value)) opened.value = null
  }
  const change = (next: readonly Step[], what?: string): void => {
    const at = now()
    const together = what !== undefined && last?.what === what && at - last.at < togetherMs
    if (!together) past.value = [...past.value, [...steps()]].slice(-most)
    future.value = []
    last = what === undefined ? undefined : { what, at }
    show(next)
  }
  // Somebody else's version was loaded: nothing before it can be undone.
  watch(steps, (next) => {
    if (JSON.stringify(next) === mine) return
    past.value = []
    future.value = []
    last = undefined
  })
  return {
    steps: computed(steps),
    opened,
    insert: (at, step) => {
      change(inserted(steps(), at, step))
      if (step.type !== 'exit') opened.value = step.id
    },
    remove: (id, keep) => change(removed(steps(), id, keep)),
    lead: (at, to) => change(reconnected(steps(), at, to)),
    move: (id, by) => change(moved(steps(), id, by)),
    set: (step) =>
      change(
        steps().map((each) => (each.id === step.id ? step : each)),
        step.id,
      ),
    undo: () => {
      const before = past.value.at(-1)
      if (before === undefined) return
      past.value = past.value.slice(0, -1)
      future.value = [[...steps()], ...future.value]
      last = undefined
      show(before)
    },
    redo: () => {
      const [next, ...rest] = future.value
      if (next === undefined) return
      past.value = [...past.value, [...steps()]]
      future.value = rest
      last = undefined
      show(next)
    },
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
  }
}
