import { none } from '@zhiyin/shared/api/endpoint'
import { Limits } from '../contract.ts'
import { get, put } from '../declare.ts'

/** The platform's limits, which a test may set low. */
export const limitEndpoints = {
  read: get('limits', '平台的各种上限 / the platform’s limits', none, Limits),
  change: put(
    'limits',
    '改其中几项，计数清零 / change some of them; what was counted is forgotten',
    Limits.partial(),
    Limits,
  ),
}
