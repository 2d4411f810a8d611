import type { z } from 'zod'
import type { Fault } from './admin/contract.ts'

type FaultSpec = z.infer<typeof Fault>
export interface ActiveFault extends FaultSpec {
  id: string
  /** Calls it still hits; null: until deleted or its time is over. */
  left: number | null
}

export interface Faults {
  add(fault: FaultSpec): ActiveFault
  list(): ActiveFault[]
  /** The fault that hits this call, if any; counts it. */
  take(path: string): ActiveFault | undefined
  clear(id?: string): void
}

/** Faults in the order they were set; the first that fits hits. `forMs` runs in real time, so that a clock jump does not end it. */
export function createFaults(): Faults {
  let active: { fault: ActiveFault; until: number }[] = []
  let next = 1
  const alive = (one: { fault: ActiveFault; until: number }): boolean => one.fault.left !== 0 && Date.now() < one.until
  return {
    add(spec) {
      const unlimited = spec.times === 0 || (spec.forMs !== undefined && spec.times === 1)
      const fault: ActiveFault = { ...spec, id: `F${next++}`, left: unlimited ? null : spec.times }
      active.push({ fault, until: spec.forMs === undefined ? Infinity : Date.now() + spec.forMs })
      return fault
    },
    list: () => active.filter(alive).map((one) => one.fault),
    take(path) {
      active = active.filter(alive)
      const hit = active.find((one) => path.startsWith(one.fault.path))
      if (!hit) return undefined
      if (hit.fault.left !== null) hit.fault.left -= 1
      return hit.fault
    },
    clear(id) {
      active = id === undefined ? [] : active.filter((one) => one.fault.id !== id)
    },
  }
}
