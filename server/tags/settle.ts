import type { Shared, Told } from './tags.model.ts'

type Ours = Pick<Shared, 'name' | 'order' | 'deleted' | 'told' | 'wish'>
export type Settled = Pick<Shared, 'name' | 'order' | 'deleted' | 'told' | 'wish' | 'conflict'>

const same = (a: Told | null, b: Told): boolean => a !== null && a.name === b.name && a.order === b.order

/**
 * What stands when WeCom tells of something we have too. Without a change of our own under way, WeCom's word holds. Where both
 * changed it, the later one holds: ours was made at `wish.at`, theirs at `at` (the callback's time, or when it was noticed).
 * `theirs` null: it is not there any more.
 */
export const settle = (ours: Ours, theirs: Told | null, at: Date): Settled => {
  const { wish } = ours
  if (theirs === null) {
    const lost = wish?.op === 'edit' && ours.name !== ours.told?.name
    const conflict = lost ? { ours: ours.name, theirs: '', kept: 'theirs' as const, at } : null
    return { name: ours.name, order: ours.order, deleted: true, told: null, wish: null, conflict }
  }
  const taken = { ...theirs, deleted: false, told: theirs, wish: null }
  if (wish === null || wish.op === 'create') return { ...taken, conflict: null }
  const kept = { name: ours.name, order: ours.order, deleted: ours.deleted, told: theirs, wish }
  if (same(ours.told, theirs)) return { ...kept, conflict: null }
  const differs = wish.op === 'delete' || ours.name !== theirs.name
  const conflict = (who: 'ours' | 'theirs') =>
    differs ? { ours: wish.op === 'delete' ? '' : ours.name, theirs: theirs.name, kept: who, at } : null
  return at > wish.at ? { ...taken, conflict: conflict('theirs') } : { ...kept, conflict: conflict('ours') }
}
