import type { z } from 'zod'
import { admin } from '../../admin/api.ts'
import type { AdminCall } from '../../admin/client.ts'
import type { CallbackDelivery, CallbackMode, CallbackRelease } from '../../admin/endpoints/callbacks.ts'
import type { ActiveFault, Fault } from '../../admin/endpoints/faults.ts'
import { createCaller } from './call.ts'

export type Active = z.output<typeof ActiveFault>
export type FaultWish = z.input<typeof Fault>
export type Mode = z.output<typeof CallbackMode>
export type ModeWish = z.input<typeof CallbackMode>
export type Delivery = z.output<typeof CallbackDelivery>
type Order = z.output<typeof CallbackRelease>['order']

export type Control = ReturnType<typeof createControl>

/** What belongs to the sandbox and to no client: its clock, its faults, how callbacks travel, and the witnesses. */
export function createControl(call: AdminCall = createCaller()) {
  return {
    advanceClock: (ms: number) => call(admin.clock.advance, { body: { ms } }),
    setClock: (now: number | null) => call(admin.clock.set, { body: { now } }),
    faults: () => call(admin.faults.list),
    addFault: (fault: FaultWish) => call(admin.faults.add, { body: fault }),
    removeFault: (id: string) => call(admin.faults.remove, { params: { id } }),
    clearFaults: () => call(admin.faults.clear),
    mode: () => call(admin.callbacks.mode),
    setMode: (mode: ModeWish) => call(admin.callbacks.setMode, { body: mode }),
    release: (order: Order) => call(admin.callbacks.release, { body: { order } }),
    /** `since`: epoch ms, or the id of the last one known. */
    callbacks: (since: string) => call(admin.callbacks.list, { query: { since } }),
    requests: (since: string) => call(admin.watch.requests, { query: { since } }),
  }
}
