import { computed, ref, shallowRef } from 'vue'
import type { Company, Line, SandboxApi } from './api.ts'
import { type ApiError, asApiError } from './call.ts'
import type { Arrival } from './conversations.ts'
import { buildDirectory } from './directory.ts'

/** How far back the ledger is read for previews; a conversation itself is always read whole. */
const LOOK_BACK_MS = 14 * 86_400_000

/** The company and what everybody received lately, kept up to date by `refresh`. */
export function useCompany(api: SandboxApi) {
  const company = shallowRef<Company>()
  const problem = shallowRef<ApiError>()
  const arrivals = shallowRef<readonly Arrival[]>([])
  /** Arrivals up to this order number were there before the page was opened. */
  const firstSeq = ref(0)
  const clockOffset = ref(0)
  const known = new Set<string>()
  /** The last line of the last reading, in the order of arrival: the clock can jump back. Lines told live may have gaps before them. */
  let lastId: string | undefined

  /** Takes lines the ledger has told of, in its order; a known one has changed (taken back, a card that was updated). */
  function take(lines: readonly Line[]) {
    const fresh = lines.filter((line) => !known.has(line.id))
    const changed = new Map(lines.filter((line) => known.has(line.id)).map((line) => [line.id, line]))
    if (changed.size > 0) {
      arrivals.value = arrivals.value.map(({ seq, line }) => ({ seq, line: changed.get(line.id) ?? line }))
    }
    if (fresh.length === 0) return
    let seq = arrivals.value.length
    for (const { id } of fresh) known.add(id)
    arrivals.value = [...arrivals.value, ...fresh.map((line) => ({ seq: (seq += 1), line }))]
  }

  async function refresh() {
    try {
      const state = await api.state()
      const first = company.value === undefined
      const lines = await api.ledger({ since: lastId ?? String(Math.max(0, state.now - LOOK_BACK_MS)) })
      lastId = lines.at(-1)?.id ?? lastId
      take(lines)
      if (first) firstSeq.value = arrivals.value.length
      clockOffset.value = state.now - Date.now()
      company.value = state
      problem.value = undefined
    } catch (error) {
      problem.value = asApiError(error)
    }
  }

  const directory = computed(() => (company.value ? buildDirectory(company.value) : undefined))
  return { company, directory, problem, arrivals, firstSeq, clockOffset, refresh, take }
}
