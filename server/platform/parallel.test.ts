import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createUnderWay, eachInBatches, eachOf } from './parallel.ts'

describe('eachOf', () => {
  it('does everything, at most so many at once, and throws the first failure afterwards', async () => {
    const done: number[] = []
    let [running, most] = [0, 0]
    const work = async (item: number): Promise<void> => {
      most = Math.max(most, ++running)
      await sleep(1)
      running -= 1
      if (item === 2) throw new Error('two')
      done.push(item)
    }
    await expect(eachOf([1, 2, 3, 4, 5], 2, work)).rejects.toThrow('two')
    expect(done.toSorted()).toEqual([1, 3, 4, 5])
    expect(most).toBe(2)
  })
})

describe('eachInBatches', () => {
  it('does a batch that fails again item by item', async () => {
    const done: number[] = []
    const items = Array.from({ length: 45 }, (_each, index) => index)
    const work = async (batch: readonly number[]): Promise<void> => {
      if (batch.includes(7)) throw new Error('seven')
      done.push(...batch)
    }
    await expect(eachInBatches(items, work)).rejects.toThrow('seven')
    expect(done.toSorted((a, b) => a - b)).toEqual(items.filter((item) => item !== 7))
  })
})

describe('createUnderWay', () => {
  it('lets work go on beside what follows, and waits where there is no room', async () => {
    const underWay = createUnderWay(2)
    const ended: string[] = []
    const work = async (name: string, ms: number): Promise<void> => {
      await sleep(ms)
      ended.push(name)
    }
    await underWay.add(work('a', 30))
    expect(ended).toEqual([])
    await underWay.add(work('b', 5))
    expect(ended).toEqual(['b'])
    await underWay.end()
    expect(ended).toEqual(['b', 'a'])
  })

  it('throws the first failure once everything has ended', async () => {
    const underWay = createUnderWay(3)
    const ended: string[] = []
    await underWay.add(sleep(1).then(() => Promise.reject(new Error('lost'))))
    await underWay.add(sleep(10).then(() => void ended.push('other')))
    await expect(underWay.end()).rejects.toThrow('lost')
    expect(ended).toEqual(['other'])
  })
})
