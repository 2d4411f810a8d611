import { createHash } from 'node:crypto'
import type { Definitions, SegmentRule } from './types.ts'

const hash = (of: unknown, length: number): string =>
  createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, length)

const markLength = 5
const markOf = ({ id, condition }: SegmentRule): string => hash([id, condition], markLength)

/**
 * Another one after any change; behind the dot a mark of every segment and its condition. A customer keeps the version they were worked
 * out by, so whoever works them out next knows which segments that one had, whatever other processes have seen meanwhile.
 */
export const versionOf = (parts: Omit<Definitions, 'version'>): string =>
  `${hash(parts, 16)}.${parts.segments.map(markOf).join('')}`

const marksIn = (version: string): string[] => {
  const marks = version.slice(version.indexOf('.') + 1)
  return Array.from({ length: Math.floor(marks.length / markLength) }, (_, i) =>
    marks.slice(i * markLength, (i + 1) * markLength),
  )
}

/** The segments that were there, with the condition they have now, when a customer was worked out by another version. */
export const knownSegments = (version: string, { version: now, segments }: Definitions): ReadonlySet<string> => {
  const known = new Set(marksIn(version))
  const marks = marksIn(now)
  return new Set(segments.flatMap(({ id }, i) => (known.has(marks[i] ?? '') ? [id] : [])))
}
