import { afterEach, expect, test, vi } from 'vitest'
import { banner } from './print.ts'

afterEach(() => vi.restoreAllMocks())

test('away from a terminal progress is one line for every tenth, however often it is told', () => {
  const printed: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  const before = process.stdout.isTTY
  process.stdout.isTTY = false
  const say = banner()
  for (let step = 0; step <= 200; step += 1) say.progress(`step ${step}`, step / 200)
  process.stdout.isTTY = before
  expect(printed.length).toBe(11)
  expect(printed[0]).toBe('… step 0\n')
  expect(printed.at(-1)).toBe('… step 200\n')
})
