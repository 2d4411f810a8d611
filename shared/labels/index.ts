import { attributesLabels } from './attributes.ts'
import { auditLabels } from './audit.ts'
import { companyLabels } from './company.ts'
import { contentLabels } from './content.ts'
import { customerLabels } from './customer.ts'
import { importsLabels } from './imports.ts'
import { levelsLabels } from './levels.ts'
import { measureLabels } from './measure.ts'
import { privacyLabels } from './privacy.ts'
import { rulesLabels } from './rules.ts'
import { segmentsLabels } from './segments.ts'
import { sendingLabels } from './sending.ts'
import { transfersLabels } from './transfers.ts'

/** The words for every closed vocabulary of the product, both languages. UI and reasons take them from here. */
export const labels = {
  ...attributesLabels,
  ...auditLabels,
  ...companyLabels,
  ...contentLabels,
  ...customerLabels,
  ...importsLabels,
  ...levelsLabels,
  ...measureLabels,
  ...privacyLabels,
  ...rulesLabels,
  ...segmentsLabels,
  ...sendingLabels,
  ...transfersLabels,
} as const

export type LabelKind = keyof typeof labels
