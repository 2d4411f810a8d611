import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Register } from './register.ts'

type Entry = { readonly id: string; readonly n: number }
const idOf = ({ id }: Entry): string => id
const entry = fc.record({ id: fc.constantFrom('a', 'b', 'B', '一', 'ab', 'c'), n: fc.integer() })

it('holds what a map holds, in the order of keys, and leaves the list it began with alone', () => {
  fc.assert(
    fc.property(fc.array(entry), fc.array(entry), (before, after) => {
      const map = new Map(before.map((one) => [one.id, one]))
      const sorted = () => [...map.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1))
      const list = sorted()
      const copy = [...list]
      const register = new Register(list, idOf)
      expect(register.values).toBe(list)
      for (const one of after) {
        expect(register.get(one.id)).toBe(map.get(one.id))
        map.set(one.id, one)
        register.set(one.id, one)
        expect(register.get(one.id)).toBe(one)
        expect(register.values).toEqual(sorted())
      }
      expect(list).toEqual(copy)
    }),
  )
})
