import { z } from 'zod'
import { none } from '@zhiyin/shared/api/endpoint'
import { Limits } from '../contract.ts'
import { Done, get, put } from '../declare.ts'

/** The platform's limits, which a test may set low. */
export const limitEndpoints = {
  read: get('limits', '平台的各种上限 / the platform’s limits', none, Limits),
  change: put(
    'limits',
    '改其中几项，计数清零 / change some of them; what was counted is forgotten',
    Limits.partial(),
    Limits,
  ),
  range: put(
    'app/range',
    '应用可见范围，null 为全公司（拿不到范围外的成员：60011） / whom the app may see, null: everybody (others: 60011)',
    z.object({ range: z.object({ users: z.array(z.string()), parties: z.array(z.int()) }).nullable() }),
    Done,
  ),
}
