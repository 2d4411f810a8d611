import { KeyRingText } from '../../../server/platform/keys.ts'
import { createVault } from '../../../server/platform/vault.ts'
import { normalPersonal } from '../../../server/privacy/border.ts'

export const keyOf = (n: number): string => Buffer.alloc(32, n).toString('base64')

/** A vault whose keys have these ids, newest first; the same id is the same key. */
export const testVault = (...ids: readonly number[]) =>
  createVault({
    ring: KeyRingText.parse((ids.length === 0 ? [1] : ids).map((n) => `k${n}:${keyOf(n)}`).join(',')),
    indexKey: Uint8Array.from(Buffer.alloc(32, 99)),
    normal: normalPersonal,
  })
