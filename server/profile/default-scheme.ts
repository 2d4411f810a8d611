import type { RfmScheme } from '@zhiyin/shared/tier'
import type { TierScheme } from '@zhiyin/shared/tier-scheme'

/** The scheme a company begins with: RFM to A, B and C. */
export const rfmScheme = ({ windowDays, recencyDays, frequency, monetary, classA, classB }: RfmScheme): TierScheme => ({
  id: 'rfm',
  name: 'RFM',
  levels: [
    { key: 'a', name: 'A', tier: 'A' },
    { key: 'b', name: 'B', tier: 'B' },
    { key: 'c', name: 'C', tier: 'C' },
  ],
  how: { type: 'rfm', windowDays, mode: 'fixed', recencyDays, frequency, monetary, sums: [classA, classB] },
  holdDays: 0,
})
