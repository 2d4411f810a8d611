import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre'
import type { Drawing } from './drawing.ts'

type Point = { readonly x: number; readonly y: number }
export type Laid = {
  /** The upper left corner of each node. */
  readonly at: ReadonlyMap<string, Point>
  /** The bends of each edge, its ends among them, and the middle of its label. */
  readonly lines: ReadonlyMap<string, { readonly bends: readonly Point[]; readonly label: Point }>
}

/** What stands on an edge: the name of its arm, how many went it, and the plus. */
export const labelSize = { width: 132, height: 50 }

/** Where everything stands, from above to below. */
export const laidOut = ({ nodes, edges }: Drawing): Laid => {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 28, edgesep: 16, ranksep: 14, marginx: 12, marginy: 12 })
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height })
  for (const { id, source, target } of edges)
    graph.setEdge(source, target, { ...labelSize, labelpos: 'c', minlen: 1, weight: 1 }, id)
  layout(graph)
  return {
    at: new Map(
      nodes.map(({ id, width, height }) => {
        const { x = 0, y = 0 } = graph.node(id)
        return [id, { x: x - width / 2, y: y - height / 2 }]
      }),
    ),
    lines: new Map(
      edges.map(({ id, source, target }) => {
        const { points = [], x = 0, y = 0 } = graph.edge(source, target, id)
        return [id, { bends: points, label: { x, y } }]
      }),
    ),
  }
}

/** A line through the bends, rounded, from one point to another. */
export const pathThrough = (from: Point, bends: readonly Point[], to: Point): string => {
  const inner = bends.slice(1, -1)
  const middle = (a: Point, b: Point): string => `${(a.x + b.x) / 2} ${(a.y + b.y) / 2}`
  const parts = inner.map((bend, index) => `Q ${bend.x} ${bend.y} ${middle(bend, inner[index + 1] ?? to)}`)
  return [`M ${from.x} ${from.y}`, ...parts, `L ${to.x} ${to.y}`].join(' ')
}
