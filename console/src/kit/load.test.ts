import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { effectScope } from 'vue'
import { useAct, useLoad, usePages } from './load.ts'

const within = <T>(set: () => T): T => {
  const made = effectScope().run(set)
  if (made === undefined) throw new Error('no scope')
  return made
}

describe('useLoad', () => {
  it('keeps the data and tells of the failure when a reload fails', async () => {
    const answers = [() => Promise.resolve('one'), () => Promise.reject(new Error('down'))]
    const load = within(() => useLoad(() => (answers.shift() ?? (() => Promise.resolve('none')))()))
    await flushPromises()
    await load.reload()
    expect(load.data.value).toBe('one')
    expect(load.error.value).toBe('down')
  })

  it('drops an answer that a newer read has overtaken', async () => {
    const gates: ((value: string) => void)[] = []
    const load = within(() => useLoad(() => new Promise<string>((open) => gates.push(open))))
    void load.reload()
    gates[1]?.('new')
    gates[0]?.('old')
    await flushPromises()
    expect(load.data.value).toBe('new')
  })
})

describe('usePages', () => {
  it('adds the next page until there is none', async () => {
    const pages = within(() =>
      usePages((after) => Promise.resolve({ items: [after ?? 'first'], next: after === undefined ? 'second' : null })),
    )
    await flushPromises()
    expect(pages.more.value).toBe(true)
    await pages.next()
    expect(pages.data.value).toEqual(['first', 'second'])
    expect(pages.more.value).toBe(false)
  })
})

describe('useAct', () => {
  it('runs one change at a time', async () => {
    const { run } = within(useAct)
    let runs = 0
    const change = async () => {
      runs += 1
      await Promise.resolve()
    }
    expect(await Promise.all([run(change), run(change)])).toEqual([true, false])
    expect(runs).toBe(1)
  })
})
