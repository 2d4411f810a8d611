import type { Client } from '@zhiyin/shared/api/client'
import { provided } from './provided.ts'

/** The typed client of our own API. */
export const server = provided<Client>('server')
