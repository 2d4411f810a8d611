import type { Step } from '@zhiyin/shared/rule'
import { describe, expect, it } from 'vitest'
import { drawingOf, triggerId } from './drawing.ts'
import { laidOut, pathThrough } from './layout.ts'

const steps: Step[] = [
  {
    id: 'f',
    type: 'branch',
    arms: [
      { id: 'a', name: 'VIP', condition: { type: 'tier', in: ['A'] }, next: 'x' },
      { id: 'b', name: '', condition: { type: 'tier', in: ['B'] }, next: 'z' },
    ],
    otherwise: null,
  },
  { id: 'x', type: 'wait', hours: 24, next: 'z' },
  { id: 'z', type: 'task', title: '打电话', dueHours: 24 },
]

describe('what is drawn of a rule', () => {
  it('is the trigger, every step, and an end for each way that leads there', () => {
    const { nodes, edges } = drawingOf(steps)
    expect(nodes.map(({ id, kind }) => `${kind} ${id}`)).toEqual([
      `trigger ${triggerId}`,
      'step f',
      'step x',
      'step z',
      'end @end/f/otherwise',
      'end @end/z/',
    ])
    expect(edges.map(({ source, target, to }) => [source, target, to])).toEqual([
      [triggerId, 'f', 'f'],
      ['f', 'x', 'x'],
      ['f', 'z', 'z'],
      ['f', '@end/f/otherwise', null],
      ['x', 'z', 'z'],
      ['z', '@end/z/', null],
    ])
  })

  it('begins with the trigger and ends at once while there are no steps', () => {
    const { nodes, edges } = drawingOf([])
    expect(nodes.map(({ kind }) => kind)).toEqual(['trigger', 'end'])
    expect(edges).toHaveLength(1)
  })

  it('stands with every step beneath those that lead to it, and nothing upon anything else', () => {
    const drawing = drawingOf(steps)
    const { at, lines } = laidOut(drawing)
    const boxOf = (id: string) => {
      const node = drawing.nodes.find((each) => each.id === id)
      const { x = 0, y = 0 } = at.get(id) ?? {}
      return { left: x, top: y, right: x + (node?.width ?? 0), bottom: y + (node?.height ?? 0) }
    }
    for (const { id, source, target } of drawing.edges) {
      expect(boxOf(target).top).toBeGreaterThan(boxOf(source).bottom)
      const label = lines.get(id)?.label
      expect(label?.y).toBeGreaterThan(boxOf(source).bottom)
    }
    for (const one of drawing.nodes)
      for (const other of drawing.nodes) {
        if (one === other) continue
        const [a, b] = [boxOf(one.id), boxOf(other.id)]
        expect(a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top).toBe(true)
      }
  })

  it('has the arms of a fork from left to right', () => {
    const arms = ['a', 'b', 'c'].map((id) => ({ id, name: id, percent: 33, next: `${id}1` }))
    const tasks = ['a1', 'b1', 'c1'].map((id): Step => ({ id, type: 'task', title: id, dueHours: 1, next: null }))
    const { at, lines } = laidOut(drawingOf([{ id: 'f', type: 'split', arms }, ...tasks]))
    const x = (id: string) => at.get(id)?.x ?? 0
    expect(x('a1')).toBeLessThan(x('b1'))
    expect(x('b1')).toBeLessThan(x('c1'))
    expect(lines.get('f/a')?.label.x).toBeLessThan(lines.get('f/c')?.label.x ?? 0)
  })

  it('draws a line from its one end to the other', () => {
    expect(pathThrough({ x: 0, y: 0 }, [], { x: 0, y: 9 })).toBe('M 0 0 L 0 9')
    const bent = [0, 1, 2].map((x) => ({ x, y: x }))
    expect(pathThrough({ x: 0, y: 0 }, bent, { x: 3, y: 3 })).toBe('M 0 0 Q 1 1 2 2 L 3 3')
  })
})
