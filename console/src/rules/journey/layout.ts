import { Graph, layout, type EdgeLabel, type GraphLabel, type NodeLabel } from '@dagrejs/dagre'
import type { Drawing } from './drawing.ts'

type Point = { readonly x: number; readonly y: number }
const margin = 12

export type Laid = {
  readonly width: number
  readonly height: number
  /** The upper left corner of each node. */
  readonly at: ReadonlyMap<string, Point>
  /** The bends of each edge, its ends among them, and the middle of its label. */
  readonly lines: ReadonlyMap<string, { readonly bends: readonly Point[]; readonly label: Point }>
}

/** What stands on an edge: the name of its arm, how many went it, and the plus. */
export const labelSize = { width: 148, height: 28 }

/** Whether more ways of forks stand right to left than left to right, against how their arms are listed. */
const isMirrored = ({ edges }: Drawing, x: (id: string) => number): boolean => {
  const turned = edges.slice(1).map((edge, index) => {
    const before = edges[index]
    return before?.source === edge.source ? Math.sign(x(before.id) - x(edge.id)) : 0
  })
  return turned.reduce<number>((sum, each) => sum + each, 0) > 0
}

/** Where everything stands, from above to below, the arms of a fork from left to right. */
export const laidOut = (drawing: Drawing): Laid => {
  const { nodes, edges } = drawing
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true })
  graph.setGraph({ rankdir: 'TB', nodesep: 24, edgesep: 16, ranksep: 34, marginx: margin, marginy: margin })
  for (const { id, width, height } of nodes) graph.setNode(id, { width, height })
  for (const { id, source, target } of edges)
    graph.setEdge(source, target, { ...labelSize, labelpos: 'c', minlen: 1, weight: 1 }, id)
  layout(graph)
  const { width = 0, height = 0 } = graph.graph()
  const edgeOf = new Map(edges.map(({ id, source, target }) => [id, graph.edge(source, target, id)]))
  const mirrored = isMirrored(drawing, (id) => edgeOf.get(id)?.x ?? 0)
  const place = ({ x = 0, y = 0 }: { x?: number; y?: number }): Point => ({ x: mirrored ? width - x : x, y })
  return {
    width,
    height,
    at: new Map(
      nodes.map((node) => {
        const { x, y } = place(graph.node(node.id))
        return [node.id, { x: x - node.width / 2, y: y - node.height / 2 }]
      }),
    ),
    lines: new Map(
      [...edgeOf].map(([id, edge]) => [id, { bends: (edge.points ?? []).map(place), label: place(edge) }]),
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
