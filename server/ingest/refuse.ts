import { BatchInput, mostMessages, type BatchDone, type Done, type Kind } from '@zhiyin/shared/api/ingest'
import type { Lang } from '@zhiyin/shared/text'
import { AppError } from '../platform/errors.ts'
import { checkAs, isTooLarge, messageLimit, tooLarge } from './message.ts'
import { read, refused, type Refused } from './problem.ts'
import type { Received } from './received.ts'
import { outlineOf, type Rejects } from './rejects.ts'

type Deps = { rejects: Pick<Rejects, 'keep'>; received: Pick<Received, 'note'> }

/** Keeps what is not taken, with why, and answers so. What is too large is an error, as Segment's spec has it: request.too_large. */
export const createRefuse = ({ rejects, received }: Deps) => {
  const one = async (path: string, kind: Kind, raw: unknown, { problem }: Refused, lang: Lang): Promise<Done> => {
    await rejects.keep(path, [{ problem, raw: typeof raw === 'object' ? { type: kind, ...raw } : raw }])
    received.note({ taken: [], rejected: 1, skipped: 0 })
    if (problem === tooLarge.problem)
      throw new AppError('request.too_large', { params: { limit: `${messageLimit / 1024} kB` } })
    return { success: false, problem: problem[lang] }
  }

  /** A whole batch of so many messages. */
  const batch = async (
    path: string,
    raw: unknown,
    { problem }: Refused,
    messages: number,
    lang: Lang,
  ): Promise<BatchDone> => {
    await rejects.keep(path, [{ problem, raw: outlineOf(raw) }])
    received.note({ taken: [], rejected: messages, skipped: 0 })
    return { success: false, problem: problem[lang], rejected: [] }
  }

  return {
    one,

    tooMany: (path: string, raw: unknown, n: number, lang: Lang): Promise<BatchDone> =>
      batch(
        path,
        raw,
        refused(
          `batch：一批有 ${n} 条消息，最多 ${mostMessages} 条`,
          `batch: ${n} messages at once, at most ${mostMessages}`,
        ),
        n,
        lang,
      ),

    /** What has not the shape its address wants. Null: it has. */
    async shape(path: string, kind: Kind | 'batch', raw: unknown, lang: Lang): Promise<Done | BatchDone | null> {
      if (kind === 'batch') {
        const checked = read(BatchInput, raw)
        return 'problem' in checked ? batch(path, raw, checked, 1, lang) : null
      }
      const checked = isTooLarge(raw) ? tooLarge : checkAs(kind, raw)
      return 'problem' in checked ? one(path, kind, raw, checked, lang) : null
    },
  }
}
