import { ensureIndexes } from '../migrations/indexes.ts'
import type { Rooms } from './rooms.ts'

/** Brings what was kept before into today's form and makes every index. Rejects with what went wrong. */
export const bringUpToDate = async ({
  groups,
  pushes,
  contents,
  rules,
  profile,
  mongo,
  tiers,
  settings,
}: Rooms): Promise<void> => {
  await groups.upgrade()
  await pushes.upgrade()
  await contents.upgrade()
  await rules.upgrade()
  const customersFromBefore = await profile.upgrade.start()
  await ensureIndexes(mongo)
  await tiers.begin(await settings.formerTiers.read(), customersFromBefore)
  await settings.formerTiers.taken()
}
