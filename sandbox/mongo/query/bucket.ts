import { evalExpr } from 'mingo/core'
import type { Iterator } from 'mingo/lazy'
import { $group } from 'mingo/operators/pipeline'
import type { Options } from 'mingo/types'
import { compareValues } from '../bson/compare.ts'
import { isDoc, type Doc } from '../bson/values.ts'
import { fail } from '../errors.ts'
import { sortStage } from './sort.ts'

const NOWHERE = Symbol.for('in no bucket')

/** The expression that names the bucket a value falls into: the boundary at or below it, `otherwise` when there is none. */
function bucketOf(groupBy: unknown, boundaries: readonly unknown[], otherwise: unknown): unknown {
  return boundaries.slice(0, -1).reduceRight((rest: unknown, low, i): unknown => {
    const inside = {
      $and: [{ $gte: [groupBy, { $literal: low }] }, { $lt: [groupBy, { $literal: boundaries[i + 1] }] }],
    }
    return { $cond: [inside, { $literal: low }, rest] }
  }, otherwise)
}

/** The $bucket stage, as the $group and $sort it stands for. */
export function bucketStage(stream: Iterator, spec: unknown, options: Options): Iterator {
  if (!isDoc(spec)) return fail(40201, 'Argument to $bucket stage must be an object')
  const boundaries: unknown[] = Array.isArray(spec.boundaries) ? spec.boundaries : []
  if (spec.groupBy === undefined || boundaries.length < 2)
    fail(40198, `$bucket requires 'groupBy' and 'boundaries' of at least two values to be specified.`)
  if (boundaries.some((value, i) => i > 0 && compareValues(boundaries[i - 1], value) >= 0))
    fail(40194, `The 'boundaries' option to $bucket must be sorted in ascending order`)
  const output = isDoc(spec.output) ? spec.output : { count: { $sum: 1 } }
  const bucket = bucketOf(
    spec.groupBy,
    boundaries,
    'default' in spec ? { $literal: spec.default } : { $literal: NOWHERE },
  )
  const placed = stream.map((doc: Doc) => {
    if (!('default' in spec) && evalExpr(doc, bucket, options) === NOWHERE)
      fail(40066, '$switch could not find a matching branch for an input, and no default was specified.')
    return doc
  })
  const grouped = $group(placed, { ...output, _id: bucket }, options)
  return sortStage(grouped, { _id: 1 }, options)
}
