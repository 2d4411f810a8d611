import type { World } from '../world.ts'
import { armQuota } from './link-quota.ts'
import { armTransfer } from './transfers.ts'

/** What an earlier run left to be done in its time. */
export function resume(world: World): void {
  for (const transfer of world.store.transfers.values()) armTransfer(world, transfer)
  armQuota(world)
}
