import { expect, it } from 'vitest'
import { worldDefinitions } from '../../../test/support/random-lives.ts'
import { tell } from './tell.ts'

const definitions = { ...worldDefinitions, version: 'v1', segments: [{ id: 'known', name: '高频', condition: null }] }
const doc = { _id: 'cus_1', stageVersion: 1, tierVersion: 1, moveVersion: 7 }
const at = new Date('2026-06-01T00:00:00Z')

it('tells of segments by their name, and of none that nobody knows any more', () => {
  const moves = ['gone', 'known'].map((segment) => ({ kind: 'left' as const, at, segment }))
  const { derived, versions } = tell(doc, moves, definitions)
  expect(derived.map(({ id, payload }) => [id, payload])).toEqual([
    ['segment.left:cus_1:8', { segmentId: 'known', segment: '高频' }],
  ])
  expect(versions.moveVersion).toBe(8)
})
