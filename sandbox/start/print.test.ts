import { afterEach, expect, test, vi } from 'vitest'
import { addresses, banner } from './print.ts'

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

test.each([
  [['wangmin', 'lina'], '王敏', 'npm run demo'],
  [['boss'], 'any member', '王敏'],
  [[], 'npm run demo', '王敏'],
])('names somebody to sign in as only where they are there: %j', (people, says, not) => {
  const lines: string[] = []
  const say = { line: (text: string) => void lines.push(text), started: () => undefined, progress: () => undefined }
  addresses(say, { wecomUrl: 'http://127.0.0.1:3001', publicUrl: 'http://127.0.0.1:3000' }, { star: undefined, people })
  expect(lines.join('\n')).toContain(says)
  expect(lines.join('\n')).not.toContain(not)
})
