import { createRates, type Rates } from './api/rates.ts'
import { Limits } from './admin/contract.ts'
import { addressOf } from './callback/address.ts'
import { createCallbacks, type Callbacks } from './callback/callbacks.ts'
import { createClock, type Clock } from './clock.ts'
import { resume } from './company/agenda.ts'
import { createLedger, type Ledger } from './company/ledger.ts'
import { takeReply } from './company/replies.ts'
import { createRelations, type Relations } from './company/relations.ts'
import { createFaults, type Faults } from './faults.ts'
import { createLive, type Live } from './live.ts'
import type { WecomOptions } from './options.ts'
import { createRequestLog, type RequestLog } from './requests.ts'
import { fileJournal, memoryJournal } from './store/journal.ts'
import type { SettingsRow } from './store/rows.ts'
import { openStore, type Store } from './store/store.ts'

/** Everything one running stand-in consists of; handlers get it as their first argument. */
export interface World {
  options: WecomOptions
  clock: Clock
  live: Live
  store: Store
  relations: Relations
  ledger: Ledger
  callbacks: Callbacks
  faults: Faults
  requests: RequestLog
  /** The platform's limits and what has been counted. */
  rates: Rates
  /** The addresses this process listens on, known once it does; the webview's is empty when it is off. */
  addresses: { url: string; webviewUrl: string }
  settings(): SettingsRow
  /** An empty company; clock and app settings stay. */
  reset(): void
  close(): Promise<void>
}

const NO_SETTINGS: SettingsRow = { callbackUrl: '', sidebarUrl: '', trustedDomain: '', botUrl: '' }

/** Reads the earlier run, if there is one, and puts the parts together. */
export function createWorld(options: WecomOptions): World {
  const journal = options.data === null ? memoryJournal() : fileJournal(options.data)
  const live = createLive()
  const store = openStore(journal, live.changed)
  const clock = createClock(store.clock.get('offset') ?? 0, (state) => {
    store.clock.set('offset', state.offsetMs)
    live.publish({ type: 'clock', clock: state })
  })
  const relations = createRelations(store.relations)
  const requests = createRequestLog()
  const ledger = createLedger({ table: store.ledger, live, now: clock.now, requestId: requests.current })
  const settings = (): SettingsRow => store.settings.get('app') ?? NO_SETTINGS
  const callbacks = createCallbacks({
    options,
    clock,
    live,
    table: store.callbacks,
    addressOf: (to) => addressOf(options, settings(), to),
    replied: (delivery) => takeReply(world, delivery),
  })
  const faults = createFaults(clock)
  const rates = createRates(clock, Limits.parse({}))
  const world: World = {
    options,
    clock,
    live,
    store,
    relations,
    ledger,
    callbacks,
    faults,
    requests,
    rates,
    addresses: { url: '', webviewUrl: '' },
    settings,
    reset() {
      store.reset()
      relations.reset()
      ledger.reset()
      callbacks.reset()
      faults.clear()
      requests.clear()
      rates.reset()
    },
    async close() {
      clock.close()
      callbacks.close()
      await journal.close()
    },
  }
  resume(world)
  return world
}
