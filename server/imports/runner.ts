import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Enqueue } from '../flow/jobs.ts'
import type { Log } from '../platform/log.ts'
import { Taken, type Batches } from './batch.ts'
import { convertedKey, type ImportFile } from './file.ts'
import { importCollections, type ImportDoc } from './imports.model.ts'
import { BrokenTable, rowsOf } from './table.ts'
import { tagIndexOf } from './tag-index.ts'
import { countOrders, takeLines, writeOrders, type OrderDeps } from './take-orders.ts'
import { takePeople, type PeopleDeps } from './take-people.ts'
import type { Row } from './types.ts'

/** A step ends after so long and another one is asked for, so that others have their turn. */
const stepMs = 5_000
/** A step that has not been heard of for so long belongs to a process that died. */
const leaseMs = 60_000
/** How long the profiles of a batch may take before the one after the next is put on top of them. */
const patienceMs = 5_000
const mostFailures = 8
const backoffMs = (failures: number): number => Math.min(300_000, 1000 * 2 ** failures)

type Tag = { readonly id: string; readonly name: string; readonly group: string }
export type RunnerDeps = OrderDeps &
  Omit<PeopleDeps, 'tagNames' | 'factsByIds'> & {
    log: Log
    enqueue: Enqueue
    zone: string
    tags: () => Promise<readonly Tag[]>
    /** Rows, or orders to write, that are one transaction. */
    batchRows?: number
    /** Whether the facts of these customers are in their profiles. */
    settled: (customerIds: readonly string[]) => Promise<boolean>
  }

/** What is not UTF-8 is kept once more in UTF-8. */
export const keyOf = ({ _id, form }: Pick<ImportDoc, '_id' | 'form'>): string =>
  form === null || form.encoding === 'utf-8' ? _id : convertedKey(_id)

/**
 * Carries an import on, batch by batch. The place is kept with every batch, so an import survives the process; one process at a time
 * has it, by a lease. A batch is taken while
 * the profiles work the one before in, and the next one waits for them: events never queue behind more than two.
 */
export const createRunner = (deps: RunnerDeps & { file: ImportFile; batches: Batches }) => {
  const { mongo, clock, log, enqueue, zone, tags, settled, file, batches, batchRows = 500 } = deps
  const { imports } = importCollections(mongo.connection)

  const claim = (importId: string): Promise<ImportDoc | null> => {
    const now = clock.now()
    return imports.findOneAndUpdate(
      {
        _id: importId,
        state: 'running',
        nextAt: { $lte: new Date(now) },
        $or: [{ lease: null }, { 'lease.until': { $lte: new Date(now) } }],
      },
      { $set: { lease: { id: randomUUID(), until: new Date(now + leaseMs) } } },
      { returnDocument: 'after' },
    )
  }

  const settle = async (customerIds: readonly string[]): Promise<void> => {
    const until = performance.now() + patienceMs
    while (customerIds.length > 0 && performance.now() < until && !(await settled(customerIds))) await sleep(20)
  }

  /** Waits for the profiles of the batch before, while those of this one are worked in. */
  const createPace = () => {
    let before: readonly string[] = []
    return async (customerIds: readonly string[]): Promise<void> => {
      await settle(before)
      before = customerIds
    }
  }

  /** The import as it stands, with the lease put on. Throws Taken. */
  const fresh = async (doc: ImportDoc): Promise<ImportDoc> => {
    await batches.note(doc, { lease: { id: doc.lease?.id ?? '', until: new Date(clock.now() + leaseMs) } })
    const found = await imports.findOne({ _id: doc._id })
    if (found === null) throw new Taken()
    return found
  }

  /** Reads on from where the last batch ended, while there is time; answers whether the file is at its end. */
  const read = async (begun: ImportDoc, over: () => boolean): Promise<boolean> => {
    const { form, mapping } = begun
    if (form === null || mapping === null) throw new Error(`The import ${begun._id} was started without a mapping`)
    const known = await tags()
    const context = { zone, currency: mapping.currency, now: clock.date(), tags: tagIndexOf(known) }
    const tagNames = new Map(known.map(({ id, name }) => [id, name]))
    let doc = begun
    const pace = createPace()
    const take = async (rows: readonly Row[]): Promise<void> => {
      if (doc.kind === 'orders') await takeLines(deps, batches, doc, rows, mapping, context)
      else await pace(await takePeople({ ...deps, tagNames }, batches, doc, rows, mapping, context))
      doc = await fresh(doc)
    }
    const { offset, row } = begun
    let batch: Row[] = []
    let ended = true
    for await (const next of rowsOf(file.read(keyOf(doc), offset), { delimiter: form.delimiter, offset, row })) {
      if (next.row > 1) batch.push(next)
      if (batch.length < batchRows) continue
      await take(batch)
      batch = []
      if (over()) {
        ended = false
        break
      }
    }
    if (batch.length > 0) await take(batch)
    await pace([])
    return ended
  }

  const write = async (begun: ImportDoc, over: () => boolean): Promise<boolean> => {
    const pace = createPace()
    let doc = begun
    do {
      const owners = await writeOrders(deps, batches, doc, batchRows)
      await pace(owners ?? [])
      if (owners === null) return true
      doc = await fresh(doc)
    } while (!over())
    await pace([])
    return false
  }

  /** Answers whether all is done. */
  const step = async (doc: ImportDoc): Promise<boolean> => {
    const until = performance.now() + stepMs
    const over = (): boolean => performance.now() > until
    if (doc.phase === 'reading') {
      if (!(await read(doc, over))) return false
      if (doc.kind === 'customers') return true
      await batches.note(doc, { phase: 'writing', orders: { found: await countOrders(deps, doc._id), written: 0 } })
    }
    return write(await fresh(doc), over)
  }

  const release = (doc: ImportDoc, set: Partial<ImportDoc>): Promise<void> => batches.note(doc, { lease: null, ...set })

  const over = async (doc: ImportDoc, set: Partial<ImportDoc>): Promise<void> => {
    const held = { _id: doc._id, state: 'running' as const, 'lease.id': doc.lease?.id ?? '' }
    await imports.updateOne(held, { $set: { lease: null, finishedAt: clock.date(), ...set }, $unset: { nextAt: 1 } })
  }

  const failed = async (doc: ImportDoc, error: unknown): Promise<void> => {
    if (error instanceof Taken) return
    if (error instanceof BrokenTable)
      return over(doc, { state: 'failed', problem: { code: error.code, row: error.row } })
    const failures = doc.failures + 1
    // The error of a store may quote what was to be stored, which is personal.
    log.warn(
      { importId: doc._id, failures, error: error instanceof Error ? error.name : typeof error },
      'a step of an import failed',
    )
    if (failures >= mostFailures) return over(doc, { state: 'paused', failures, problem: { code: 'step', row: null } })
    await release(doc, { failures, nextAt: new Date(clock.now() + backoffMs(failures)) })
  }

  /** 'imports.step': some batches, when they are due and nobody else has the import. */
  return async (importId: string): Promise<void> => {
    const doc = await claim(importId)
    if (doc === null) return
    try {
      if (await step(doc)) return await over(doc, { state: 'done' })
      await release(doc, { nextAt: clock.date() })
      await enqueue('imports.step', { importId })
    } catch (error) {
      await failed(doc, error).catch((lost: unknown) => {
        if (!(lost instanceof Taken)) throw lost
      })
    }
  }
}
