import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { dateOf, pagesOf } from '../pages.ts'
import type { TransferPair, TransferResult, TransferStatus, TransfersRead, Unassigned } from '../types/transfers.ts'

const PER_PAGE = 1000

/** transfer_result's status (apis.md §11); one that is not known yet is watched on. */
const statuses: Readonly<Record<number, TransferStatus>> = {
  1: 'done',
  2: 'waiting',
  3: 'refused',
  4: 'full',
  5: 'none',
}

/** What became of hand-overs, and who waits for one (客户继承). */
export const createTransfersRead = (call: Call): TransfersRead => {
  async function* transferResults({ kind, from, to }: TransferPair): AsyncGenerator<TransferResult[]> {
    const endpoint = kind === 'onjob' ? api.transferResult : api.resignedTransferResult
    const pages = pagesOf((cursor) => call(endpoint, { handover_userid: from, takeover_userid: to, cursor }))
    for await (const page of pages) {
      yield page.customer.map(({ external_userid, status, takeover_time }) => ({
        externalUserId: external_userid,
        status: statuses[status] ?? 'waiting',
        at: dateOf(takeover_time),
      }))
    }
  }

  async function* unassigned(): AsyncGenerator<Unassigned[]> {
    const pages = pagesOf((cursor) => call(api.getUnassignedList, { page_size: PER_PAGE, cursor }))
    for await (const page of pages) {
      yield page.info.map(({ handover_userid, external_userid, dimission_time }) => ({
        userid: handover_userid,
        externalUserId: external_userid,
        leftAt: dateOf(dimission_time),
      }))
      if (page.is_last) return
    }
  }

  return { transferResults, unassigned }
}
