import type { RuleFigures } from '@zhiyin/shared/rule'

/** How many stand at a step and went each way; undefined while nobody has counted. */
export type Figures = {
  readonly here: (stepId: string) => number | undefined
  readonly way: (stepId: string, arm: string | null) => number | undefined
}

export const noFigures: Figures = { here: () => undefined, way: () => undefined }

/** A step or way that is not among those counted was gone by nobody. */
export const figuresOf = (counted: RuleFigures | undefined): Figures => {
  if (counted === undefined) return noFigures
  const nodes = new Map(counted.nodes.map(({ stepId, here }) => [stepId, here]))
  const key = (stepId: string, arm: string | null) => JSON.stringify([stepId, arm])
  const ways = new Map(counted.ways.map(({ stepId, arm, count }) => [key(stepId, arm), count]))
  return { here: (stepId) => nodes.get(stepId) ?? 0, way: (stepId, arm) => ways.get(key(stepId, arm)) ?? 0 }
}
