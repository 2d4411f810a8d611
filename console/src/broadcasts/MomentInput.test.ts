import { expect, it } from 'vitest'
import { buildMe } from '../testing/fixtures.ts'
import { mountIn } from '../testing/mount.ts'
import MomentInput from './MomentInput.vue'

const session = { 'GET /api/session': { body: buildMe({ timezone: 'America/New_York' }) } }

const open = async (modelValue: string) => {
  const taken: string[] = []
  const { wrapper } = await mountIn(
    MomentInput,
    { modelValue, name: '时间', 'onUpdate:modelValue': (next: string) => taken.push(next) },
    session,
  )
  return { input: wrapper.get<HTMLInputElement>('input'), taken }
}

it('shows a moment by the clocks of the company, in winter and in summer', async () => {
  expect((await open('2026-03-08T06:30:00.000Z')).input.element.value).toBe('2026-03-08T01:30')
  expect((await open('2026-03-08T07:30:00.000Z')).input.element.value).toBe('2026-03-08T03:30')
})

it('takes what was entered by the same clocks', async () => {
  const { input, taken } = await open('2026-03-08T06:30:00.000Z')
  await input.setValue('2026-07-01T09:00')
  await input.setValue('2026-11-02T09:00')
  // This half hour is left out by the clocks: right after it.
  await input.setValue('2026-03-08T02:30')
  expect(taken).toEqual(['2026-07-01T13:00:00.000Z', '2026-11-02T14:00:00.000Z', '2026-03-08T07:30:00.000Z'])
})
