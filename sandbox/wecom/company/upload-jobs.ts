import { createHash } from 'node:crypto'
import { letters } from '../ids.ts'
import type { UploadJobRow } from '../store/rows-acts.ts'
import type { World } from '../world.ts'
import { keepMedia } from './media.ts'

const MAX_BYTES = 200 * 1024 * 1024
const WAIT_MS = 60_000

/** Fetches a file from the caller's address in the background; `upload_media_job_finish` fires when it is done or has failed. */
export function startUpload(world: World, asked: Pick<UploadJobRow, 'type' | 'filename' | 'url' | 'md5'>): string {
  const jobid = letters(32)
  const job: UploadJobRow = { jobid, ...asked, at: world.clock.now(), status: 1, errcode: 0, errmsg: 'ok' }
  world.store.uploadJobs.set(jobid, job)
  void run(world, job)
  return jobid
}

async function run(world: World, job: UploadJobRow): Promise<void> {
  const outcome = await download(job.url)
  // The company may have been reset while the file was on its way.
  if (!world.store.uploadJobs.has(job.jobid)) return
  world.store.uploadJobs.set(job.jobid, finished(world, job, outcome))
  world.callbacks.emit({ Event: 'upload_media_job_finish', JobId: job.jobid })
}

/** The file, or why there is none. */
type Outcome = { bytes: Buffer; mime: string } | { problem: string }

async function download(url: string): Promise<Outcome> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(WAIT_MS) })
    if (!response.ok) return { problem: `the address answers ${response.status}` }
    const bytes = Buffer.from(await response.arrayBuffer())
    return { bytes, mime: response.headers.get('content-type') ?? 'application/octet-stream' }
  } catch (error) {
    return { problem: `the address can not be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}

function finished(world: World, job: UploadJobRow, outcome: Outcome): UploadJobRow {
  const fail = (errcode: number, errmsg: string): UploadJobRow => ({ ...job, status: 3, errcode, errmsg })
  if ('problem' in outcome) return fail(40058, outcome.problem)
  const { bytes, mime } = outcome
  if (bytes.length > MAX_BYTES) return fail(40006, 'the file is larger than 200 MB')
  if (createHash('md5').update(bytes).digest('hex') !== job.md5.toLowerCase()) return fail(40058, 'md5 differs')
  const media_id = keepMedia(world, { type: job.type, filename: job.filename, mime, bytes })
  return { ...job, status: 2, media_id }
}
