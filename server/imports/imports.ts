import { faultsOf, type ImportKind, type Mapping } from '@zhiyin/shared/import'
import { importLimits } from '@zhiyin/shared/api/imports'
import type { SignedIn } from '../platform/actor.ts'
import { AppError, notFound } from '../platform/errors.ts'
import { idAt, type NewId } from '../platform/id.ts'
import { masked, replacePersonal } from '../platform/personal.ts'
import { createBatches } from './batch.ts'
import { detect } from './detect.ts'
import { digestOf } from './digest.ts'
import { encodingOf, toUtf8 } from './encoding.ts'
import { convertedKey, createImportFile } from './file.ts'
import { createForget } from './forget.ts'
import { guess } from './guess.ts'
import { importCollections, type ImportDoc } from './imports.model.ts'
import { createKnownMappings } from './known-mappings.ts'
import { createPreview } from './preview.ts'
import { noCounts, progressOf } from './progress.ts'
import { createRejects } from './rejects.ts'
import { createRunner, keyOf, type RunnerDeps } from './runner.ts'
import { createImportsBacklog, createImportsSweep } from './sweep.ts'
import type { ClientSession } from 'mongoose'
import type { NewFact } from '@zhiyin/shared/fact'
import type { CustomAttribute } from './attributes.ts'

const dayMs = 86_400_000

export type ImportsDeps = RunnerDeps & {
  newId: NewId
  append: (facts: readonly NewFact[], session: ClientSession) => Promise<unknown>
  /** Attributes managers have defined that a file may fill. */
  attributes: () => Promise<readonly CustomAttribute[]>
  /** How long files and rejected rows are kept at most. */
  keepDays?: () => Promise<number>
}

/** Whose imports somebody sees: an admin all, a manager their own. */
export type Owner = { readonly id: string; readonly name: string; readonly all: boolean }
export const ownerOf = (actor: SignedIn): Owner => ({
  id: actor.kind === 'member' ? actor.userid : actor.name,
  name: actor.name,
  all: actor.role === 'admin',
})

/** How whoever looks sees the cells of a file: as they are for who brought it in, with what looks personal masked for others. */
export const shownTo =
  ({ id }: Owner, { createdBy }: Pick<ImportDoc, 'createdBy'>) =>
  (cell: string): string =>
    createdBy.id === id ? cell : replacePersonal(cell, masked)

export type Imports = ReturnType<typeof createImports>
export type { ImportDoc as ImportRecord } from './imports.model.ts'

/** CSV files of customers and orders: uploaded, mapped, cleaned, taken in batches. */
export const createImports = (deps: ImportsDeps) => {
  const { mongo, clock, newId, enqueue, attributes, keepDays = async () => importLimits.days } = deps
  const { imports } = importCollections(mongo.connection)
  const file = createImportFile(deps)
  const batches = createBatches(deps)
  const mappings = createKnownMappings(deps)
  const rejects = createRejects(deps)
  const forget = createForget({ mongo, file })
  const step = createRunner({ ...deps, file, batches })
  const preview = createPreview({ ...deps, file })

  const get = async (owner: Owner, id: string): Promise<ImportDoc> => {
    const doc = await imports.findOne({ _id: id, ...(owner.all ? {} : { 'createdBy.id': owner.id }) })
    if (doc === null) throw notFound('import', id)
    return doc
  }

  const wrongState = (state: string): AppError => new AppError('import.state', { status: 409, params: { state } })

  /** Changes an import that is in one of these states. Throws import.state. */
  const change = async (
    doc: ImportDoc,
    states: readonly ImportDoc['state'][],
    set: Partial<ImportDoc>,
    unset: Record<string, 1> = {},
  ): Promise<ImportDoc> => {
    const changed = await imports.findOneAndUpdate(
      { _id: doc._id, state: { $in: [...states] } },
      { $set: set, ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }) },
      { returnDocument: 'after' },
    )
    if (changed === null) throw wrongState((await imports.findOne({ _id: doc._id }))?.state ?? doc.state)
    return changed
  }

  /** The last byte has come: what kind of file it is. A file that is none is refused and deleted. */
  const inspect = async (doc: ImportDoc): Promise<ImportDoc> => {
    try {
      for await (const piece of file.read(doc._id, 0)) {
        if (piece.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004')
          throw new AppError('import.spreadsheet', { status: 422 })
        break
      }
      const encoding = await encodingOf(file.read(doc._id, 0))
      if (encoding === null) throw new AppError('import.encoding', { status: 422 })
      const converted = encoding !== 'utf-8'
      const bytes = converted ? await file.convert(doc._id, toUtf8(file.read(doc._id, 0), encoding)) : doc.size
      const found = await detect(file, converted ? convertedKey(doc._id) : doc._id)
      const { mapping, proposedBy } = await mappings.propose(doc.kind, found.columns, async () =>
        guess(doc.kind, found.columns, await attributes()),
      )
      const form = { ...found, encoding }
      const ready = await change(doc, ['uploading'], { state: 'mapping', form, bytes, mapping, proposedBy })
      if (converted) await file.erase(doc._id)
      return ready
    } catch (error) {
      if (error instanceof AppError && error.status === 422) {
        await change(doc, ['uploading'], {
          state: 'failed',
          problem: { code: error.code, row: null },
          finishedAt: clock.date(),
        })
        await forget(doc._id)
      }
      throw error
    }
  }

  const start = async (doc: ImportDoc): Promise<ImportDoc> => {
    await enqueue('imports.step', { importId: doc._id })
    return doc
  }
  const going = (doc: ImportDoc): Partial<ImportDoc> => ({
    state: 'running',
    nextAt: clock.date(),
    lease: null,
    failures: 0,
    problem: null,
    pace: { ms: 0, rows: 0, from: progressOf(doc) },
  })

  return {
    /** Throws not_found, also for imports of others. */
    get,
    rejects,

    async list(owner: Owner, { limit, after }: { limit: number; after?: string | undefined }) {
      const docs = await imports
        .find({
          ...(owner.all ? {} : { 'createdBy.id': owner.id }),
          ...(after === undefined ? {} : { _id: { $lt: after } }),
        })
        .sort({ _id: -1 })
        .limit(limit + 1)
        .toArray()
      const items = docs.slice(0, limit)
      return { items, next: docs.length > limit ? (items.at(-1)?._id ?? null) : null }
    },

    async create(
      owner: Owner,
      { kind, name, size }: { kind: ImportKind; name: string; size: number },
    ): Promise<ImportDoc> {
      const now = clock.date()
      const doc: ImportDoc = {
        _id: newId('import'),
        kind,
        name,
        size,
        received: 0,
        state: 'uploading',
        phase: 'reading',
        form: null,
        mapping: null,
        proposedBy: null,
        bytes: 0,
        offset: 0,
        row: 0,
        counts: noCounts,
        orders: { found: 0, written: 0 },
        pace: { ms: 0, rows: 0, from: 0 },
        fresh: null,
        lease: null,
        failures: 0,
        problem: null,
        createdAt: now,
        createdBy: { id: owner.id, name: owner.name },
        startedAt: null,
        finishedAt: null,
        expiresAt: new Date(now.getTime() + (await keepDays()) * dayMs),
      }
      await imports.insertOne(doc)
      return doc
    },

    /**
     * Takes bytes from `at` on, those behind what `sent` is the digest of. With the last one the file is looked into. Throws import.at,
     * import.other_file, import.size, import.* for what is no CSV.
     */
    async upload(
      owner: Owner,
      id: string,
      { at, sent }: { at: number; sent?: string | undefined },
      bytes: AsyncIterable<Uint8Array>,
    ): Promise<ImportDoc> {
      const doc = await get(owner, id)
      if (doc.state !== 'uploading') throw wrongState(doc.state)
      if (doc.received !== at) throw new AppError('import.at', { status: 409, params: { received: doc.received } })
      if (sent !== undefined && at > 0 && sent !== (await digestOf(file.read(id, 0))))
        throw new AppError('import.other_file', { status: 409 })
      const received = await file.append(id, at, bytes, doc.size)
      return received < doc.size ? { ...doc, received } : inspect({ ...doc, received })
    },

    /** The first rows as they stand in the file. */
    sample: (doc: ImportDoc) =>
      doc.form === null || doc.expiresAt === undefined ? Promise.resolve([]) : preview.sample(keyOf(doc), doc.form),
    preview: async (owner: Owner, id: string, mapping: Mapping) => {
      const doc = await get(owner, id)
      if (doc.form === null || doc.expiresAt === undefined) throw wrongState(doc.state)
      return preview.preview(keyOf(doc), doc.form, doc.kind, mapping)
    },
    attributes,

    /** Throws import.mapping, import.state. */
    async start(owner: Owner, id: string, mapping: Mapping): Promise<ImportDoc> {
      const doc = await get(owner, id)
      if (doc.form === null) throw wrongState(doc.state)
      const [fault] = mapping.columns.length === doc.form.columns.length ? faultsOf(doc.kind, mapping) : ['columns']
      if (fault !== undefined) throw new AppError('import.mapping', { status: 422, params: { fault } })
      await mappings.keep(doc.kind, doc.form.columns, mapping, owner.id)
      return start(await change(doc, ['mapping'], { ...going(doc), mapping, startedAt: clock.date() }))
    },
    pause: async (owner: Owner, id: string): Promise<ImportDoc> =>
      change(await get(owner, id), ['running'], { state: 'paused', lease: null }, { nextAt: 1 }),
    async resume(owner: Owner, id: string): Promise<ImportDoc> {
      const doc = await get(owner, id)
      return start(await change(doc, ['paused'], { ...going(doc), finishedAt: null }))
    },
    /** What has been taken stays; the file, its lines and its rejected rows are deleted. */
    async cancel(owner: Owner, id: string): Promise<ImportDoc> {
      const doc = await get(owner, id)
      const over = { state: 'cancelled' as const, lease: null, finishedAt: clock.date() }
      await change(doc, ['uploading', 'mapping', 'running', 'paused'], over, { nextAt: 1 })
      await forget(id)
      return get(owner, id)
    },

    /** Deletes the files and rejected rows of at most `limit` imports that were made before; answers how many. */
    async purge(before: Date, limit: number): Promise<number> {
      const old = await imports
        .find({
          _id: { $lt: idAt('import', before.getTime()) },
          expiresAt: { $exists: true },
          state: { $nin: ['running'] },
        })
        .limit(limit)
        .toArray()
      for (const { _id } of old) await forget(_id)
      return old.length
    },

    jobs: { 'imports.step': ({ importId }: { importId: string }) => step(importId) },
    sweep: createImportsSweep({ mongo, enqueue, forget, file }),
    backlog: createImportsBacklog(mongo),
  }
}
