import { waysOf, type Step } from '@zhiyin/shared/rule'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choicesFor, goneWith, inserted, moved, neighbour, reconnected, removed, targetOf, tidy } from './edit.ts'
import { begin, depthsOf, edgesOf, explicit, reachedFrom, wouldLoop, type WayRef } from './graph.ts'

const wait = (id: string): Step => ({ id, type: 'wait', hours: 24 })
const task = (id: string): Step => ({ id, type: 'task', title: id, dueHours: 24 })
const split = (id: string): Step => ({
  id,
  type: 'split',
  arms: [
    { id: `${id}a`, name: '', percent: 50, next: null },
    { id: `${id}b`, name: '', percent: 50, next: null },
  ],
})
const branch = (id: string): Step => ({
  id,
  type: 'branch',
  arms: [{ id: `${id}a`, name: '', condition: { type: 'tier', in: ['A'] }, next: null }],
  otherwise: null,
})
const until = (id: string): Step => ({ id, type: 'wait_until', until: { type: 'replied' }, hours: 24, otherwise: null })
const makers = [wait, task, split, branch, until]

const waysIn = (steps: readonly Step[]): WayRef[] => [
  begin,
  ...edgesOf(steps).map(({ from, arm }) => ({ stepId: from, arm })),
]
/** The graph apart from how the list writes it down. */
const graphOf = (steps: readonly Step[]) => ({
  first: steps[0]?.id,
  steps: explicit(steps).toSorted((a, b) => a.id.localeCompare(b.id)),
})
const idsOf = (steps: readonly Step[]) => steps.map(({ id }) => id)
const pick = <T>(items: readonly T[], at: number): T => {
  const found = items[at % items.length]
  if (found === undefined) throw new Error('nothing to pick from')
  return found
}

/** Graphs as people make them: steps put onto ways, ways led elsewhere but never in a circle. */
const graph = fc
  .array(fc.record({ kind: fc.nat(4), way: fc.nat(30), lead: fc.option(fc.nat(30)) }), { minLength: 1, maxLength: 9 })
  .map((moves) =>
    moves.reduce<Step[]>((steps, { kind, way, lead }, index) => {
      const grown = inserted(steps, pick(waysIn(steps), way), pick(makers, kind)(`s${index}`))
      if (lead === null) return grown
      const ref = pick(waysIn(grown).slice(1), way)
      const to = pick([null, ...idsOf(choicesFor(grown, ref))], lead)
      const led = reconnected(grown, ref, to)
      return reachedFrom(led, led[0]?.id).size === led.length ? led : grown
    }, []),
  )

describe('editing the graph of a rule', () => {
  it('gives the same graph when what was put in is taken out again', () => {
    fc.assert(
      fc.property(graph, fc.nat(40), fc.nat(4), (steps, way, kind) => {
        const added = inserted(steps, pick(waysIn(steps), way), pick(makers, kind)('new'))
        expect(graphOf(removed(added, 'new'))).toEqual(graphOf(steps))
      }),
    )
  })

  it('leaves every step within reach, whatever is put in, taken out or moved', () => {
    fc.assert(
      fc.property(graph, fc.nat(40), (steps, at) => {
        const id = pick(idsOf(steps), at)
        const put = inserted(steps, pick(waysIn(steps), at), split('new'))
        for (const next of [steps, put, removed(steps, id), moved(steps, id, 1), moved(steps, id, -1)]) {
          expect(edgesOf(next).some(({ from, to }) => to !== null && wouldLoop(next, from, to))).toBe(false)
          expect(edgesOf(next).every(({ to }) => to === null || idsOf(next).includes(to))).toBe(true)
          expect(next[0]?.id === undefined ? 0 : reachedFrom(next, next[0].id).size).toBe(next.length)
        }
      }),
    )
  })

  it('writes a list down in which a step stands after all that lead to it', () => {
    fc.assert(
      fc.property(graph, (steps) => {
        const list = tidy(steps, steps[0]?.id)
        expect(graphOf(list)).toEqual(graphOf(steps))
        const place = new Map(list.map(({ id }, index) => [id, index]))
        for (const { from, to } of edgesOf(list))
          expect(to === null || (place.get(from) ?? 0) < (place.get(to) ?? 0)).toBe(true)
      }),
    )
  })

  it('moves a step there and back', () => {
    fc.assert(
      fc.property(graph, fc.nat(40), (steps, at) => {
        const id = pick(idsOf(steps), at)
        fc.pre(neighbour(steps, id, 1) !== undefined)
        expect(graphOf(moved(moved(steps, id, 1), id, -1))).toEqual(graphOf(steps))
      }),
    )
  })

  it('leaves a straight line without a word about where it leads', () => {
    const line = [wait('a'), task('b')].reduce<Step[]>(
      (steps, step) => inserted(steps, pick(waysIn(steps), steps.length), step),
      [],
    )
    expect(line).toEqual([wait('a'), task('b')])
    expect(moved(line, 'b', -1)).toEqual([task('b'), wait('a')])
  })

  it('joins the ways when a step of an arm goes', () => {
    const steps = inserted([branch('f'), task('z')], { stepId: 'f', arm: 'fa' }, wait('w'))
    expect(targetOf(steps, { stepId: 'f', arm: 'fa' })).toBe('w')
    const rest = removed(steps, 'w')
    expect(targetOf(rest, { stepId: 'f', arm: 'fa' })).toBe(null)
  })

  it('takes along what only the other arms of a fork led to, and says so before', () => {
    const fork = inserted(
      inserted([split('f')], { stepId: 'f', arm: 'fa' }, wait('x')),
      { stepId: 'f', arm: 'fb' },
      wait('y'),
    )
    expect(idsOf(goneWith(fork, 'f'))).toEqual(['y'])
    expect(idsOf(removed(fork, 'f'))).toEqual(['x'])
    expect(idsOf(goneWith(fork, 'f', 'fb'))).toEqual(['x'])
    expect(idsOf(removed(fork, 'f', 'fb'))).toEqual(['y'])
  })

  it('offers no way that would lead in a circle', () => {
    const line = [wait('a'), wait('b'), wait('c')]
    expect(idsOf(choicesFor(line, { stepId: 'b', arm: null }))).toEqual(['c'])
    expect(wouldLoop(line, 'c', 'b')).toBe(true)
  })

  it('keeps a step nobody comes to any more, at the end of the list', () => {
    const cut = reconnected([wait('a'), wait('b'), wait('c')], { stepId: 'a', arm: null }, 'c')
    expect(idsOf(cut)).toEqual(['a', 'c', 'b'])
    expect([...reachedFrom(cut, 'a')]).toEqual(['a', 'c'])
    expect(waysOf(cut, 2)).toEqual([{ arm: null, to: 'c' }])
    expect(idsOf(reconnected(cut, begin, 'b'))).toEqual(['b', 'c', 'a'])
  })
})

describe('how far a step is set in', () => {
  it('is one further within an arm, and back where the arms meet', () => {
    const fork = inserted([wait('a'), wait('z')], { stepId: 'a', arm: null }, branch('f'))
    const steps = inserted(
      inserted(fork, { stepId: 'f', arm: 'fa' }, wait('x')),
      { stepId: 'x', arm: null },
      split('g'),
    )
    expect([...depthsOf(inserted(steps, { stepId: 'g', arm: 'ga' }, task('t')))]).toEqual([
      ['a', 0],
      ['f', 0],
      ['x', 1],
      ['g', 1],
      ['t', 2],
      ['z', 0],
    ])
  })
})
