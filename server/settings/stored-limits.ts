/** Limits as they may stand in the database: `platformPerDay` was the quota before it had a period. */
export const storedLimits = (stored: unknown): unknown => {
  if (typeof stored !== 'object' || stored === null) return {}
  const { platformPerDay, ...rest }: { platformPerDay?: unknown } = stored
  return platformPerDay === undefined ? rest : { platform: { period: 'day', count: platformPerDay }, ...rest }
}
