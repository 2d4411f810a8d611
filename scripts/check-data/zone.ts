export const dayMs = 86_400_000
/** The company’s clocks are so much ahead; no summer time since 1991, and no set is older. */
export const zoneMs = 8 * 3_600_000
