import type { Mongo } from '../platform/mongo.ts'
import { ownedIn } from '../platform/owned.ts'
import type { OwnedRecords } from '../profile/identities/types.ts'

/** A customer's sends, past and to come. */
export const createSendsOwned = (mongo: Mongo): OwnedRecords => ({ room: 'outbox', ...ownedIn(mongo, 'intents') })
