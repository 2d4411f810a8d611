import type { Rooms } from '../rooms.ts'
import { companyEndpoints } from './company.ts'
import { customersEndpoints } from './customers.ts'
import { journeysEndpoints } from './journeys.ts'

/** Every endpoint of shared/api with what answers it. */
export const endpointsOf = (rooms: Rooms) => [
  ...companyEndpoints(rooms),
  ...customersEndpoints(rooms),
  ...journeysEndpoints(rooms),
]
