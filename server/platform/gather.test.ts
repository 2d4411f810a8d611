import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createGather } from './gather.ts'

/** Doubles numbers; notes each turn. */
const doubling = (
  options: Parameters<typeof createGather>[1] = {},
  fails: (items: readonly number[]) => boolean = () => false,
) => {
  const turns: (readonly number[])[] = []
  const ask = createGather<number, number>(async (items) => {
    turns.push(items)
    await sleep(2)
    if (fails(items)) throw new Error(`not ${items.join()}`)
    return items.map((item) => item * 2)
  }, options)
  return { ask, turns }
}

describe('createGather', () => {
  it('puts what is asked for at once into one turn, and what comes meanwhile into the next', async () => {
    const { ask, turns } = doubling()
    const first = [ask(1), ask(2)]
    await sleep(0)
    const later = [ask(3), ask(4), ask(5)]
    expect(await Promise.all([...first, ...later])).toEqual([2, 4, 6, 8, 10])
    expect(turns).toEqual([
      [1, 2],
      [3, 4, 5],
    ])
  })

  it('keeps to its limits', async () => {
    const { ask, turns } = doubling({ most: 2, atOnce: 2 })
    expect(await Promise.all([1, 2, 3, 4, 5].map(ask))).toEqual([2, 4, 6, 8, 10])
    expect(turns.every((turn) => turn.length <= 2)).toBe(true)
    expect(turns.flat()).toEqual([1, 2, 3, 4, 5])
  })

  it('rests between turns, so that a trickle is gathered too, and not before the first', async () => {
    const { ask, turns } = doubling({ restMs: 1000 })
    expect(await Promise.race([ask(1), sleep(900, 'rested')])).toBe(2)
    await Promise.all([2, 3, 4].map(async (item) => sleep(item * 5).then(() => ask(item))))
    expect(turns).toEqual([[1], [2, 3, 4]])
  })

  it('lets a bad item fail alone', async () => {
    const { ask } = doubling({}, (items) => items.includes(2))
    const results = await Promise.allSettled([1, 2, 3].map(ask))
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  it('fails together where that was asked for, and works on', async () => {
    const { ask, turns } = doubling({ alone: false }, (items) => items.includes(2))
    const results = await Promise.allSettled([1, 2, 3].map(ask))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await ask(4)).toBe(8)
    expect(turns).toEqual([[1, 2, 3], [4]])
  })

  it('does not mistake a missing result for one', async () => {
    const ask = createGather<number, number>((items) => Promise.resolve(items.slice(1)), { alone: false })
    await expect(ask(1)).rejects.toThrow('one result per item')
  })
})
