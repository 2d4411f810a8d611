import { appEndpoints } from './endpoints/app.ts'
import { callbackEndpoints } from './endpoints/callbacks.ts'
import { clockEndpoints } from './endpoints/clock.ts'
import { companyEndpoints } from './endpoints/company.ts'
import { customerEndpoints } from './endpoints/customers.ts'
import { faultEndpoints } from './endpoints/faults.ts'
import { groupEndpoints } from './endpoints/groups.ts'
import { growthEndpoints } from './endpoints/growth.ts'
import { kfEndpoints } from './endpoints/kf.ts'
import { limitEndpoints } from './endpoints/limits.ts'
import { mediaEndpoints } from './endpoints/media.ts'
import { momentEndpoints } from './endpoints/moments.ts'
import { watchEndpoints } from './endpoints/watch.ts'

/**
 * The stand-in's own API (not WeCom's): what people do in WeCom clients and in its admin console, the clock, the faults, and the ledger of
 * what each party really received. JSON in and out; times are epoch ms of the stand-in's clock. An error answers 4xx with { error: string }.
 */
export const admin = {
  company: companyEndpoints,
  customers: customerEndpoints,
  groups: groupEndpoints,
  growth: growthEndpoints,
  moments: momentEndpoints,
  kf: kfEndpoints,
  app: appEndpoints,
  callbacks: callbackEndpoints,
  clock: clockEndpoints,
  faults: faultEndpoints,
  limits: limitEndpoints,
  media: mediaEndpoints,
  watch: watchEndpoints,
}
