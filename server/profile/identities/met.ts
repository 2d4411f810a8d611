import { because, type Because } from '@zhiyin/shared/because'
import { kindOfKey } from '../identity.ts'

/** Why two became one: one message names both, by the first and the last of these identities. */
export const metIn = (keys: readonly string[]): Because => {
  const [kind = '', other = kind] = [keys.at(0), keys.at(-1)].map((key) => kindOfKey(key ?? ''))
  return because('merge.met', { kind, other })
}
