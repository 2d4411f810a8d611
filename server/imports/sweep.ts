import type { Enqueue } from '../flow/jobs.ts'
import type { BacklogOf, Sweep } from '../flow/sweep.ts'
import type { Mongo } from '../platform/mongo.ts'
import { convertedKey, type ImportFile } from './file.ts'
import { importCollections, over } from './imports.model.ts'

const most = 20

type Deps = { mongo: Mongo; enqueue: Enqueue; forget: (id: string) => Promise<void>; file: Pick<ImportFile, 'erase'> }

/** Nudges imports under way, and deletes the files of those whose time is over. */
export const createImportsSweep = ({ mongo, enqueue, forget, file }: Deps): Sweep => {
  const { imports } = importCollections(mongo.connection)

  const due = async (now: Date): Promise<number> => {
    const found = await imports
      .find({ nextAt: { $lte: now } }, { projection: { lease: 1 } })
      .limit(most)
      .toArray()
    // One that somebody has at hand nudges itself.
    const free = found.filter(({ lease }) => lease === null || lease.until <= now)
    for (const { _id } of free) {
      await enqueue('imports.step', { importId: _id })
    }
    return free.length
  }

  const expire = async (now: Date): Promise<void> => {
    const old = await imports
      .find({ expiresAt: { $lte: now } }, { projection: { state: 1 } })
      .limit(most)
      .toArray()
    for (const { _id, state } of old) {
      if (state !== 'done' && state !== 'failed')
        await imports.updateOne(
          { _id },
          { $set: { state: 'cancelled', lease: null, finishedAt: now }, $unset: { nextAt: 1 } },
        )
      await forget(_id)
    }
  }

  /** Files in which somebody stands who was erased while they were read. */
  const strike = async (): Promise<void> => {
    const found = await imports
      .find({ struck: true, state: { $in: [...over] } }, { projection: { _id: 1 } })
      .limit(most)
      .toArray()
    for (const { _id } of found) {
      await file.erase(_id, convertedKey(_id))
      await imports.updateOne({ _id }, { $unset: { struck: 1 } })
    }
  }

  return {
    stage: 'imports',
    run: async (now) => {
      await expire(now)
      await strike()
      return due(now)
    },
  }
}

export const createImportsBacklog = (mongo: Mongo): BacklogOf => {
  const { imports } = importCollections(mongo.connection)
  return {
    stage: 'imports',
    count: async (now) => {
      const found = await imports
        .find({ nextAt: { $exists: true } }, { projection: { nextAt: 1 } })
        .sort({ nextAt: 1 })
        .toArray()
      return {
        pending: found.length,
        due: found.filter(({ nextAt }) => nextAt !== undefined && nextAt <= now).length,
        dead: 0,
        oldestAt: found[0]?.nextAt ?? null,
      }
    },
  }
}
