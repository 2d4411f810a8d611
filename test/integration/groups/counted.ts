import mongoose from 'mongoose'
import type { Mongo } from '../../../server/platform/mongo.ts'

/** A connection that counts the documents its commands write. */
export const countedMongo = async (url: string): Promise<{ mongo: Mongo; written(): number }> => {
  let count = 0
  const connection = await mongoose
    .createConnection(url, { monitorCommands: true, autoIndex: false, autoCreate: false })
    .asPromise()
  connection.getClient().on('commandStarted', ({ commandName, command }) => {
    const written: unknown = { insert: command['documents'], update: command['updates'] }[commandName]
    if (Array.isArray(written)) count += written.length
  })
  return {
    mongo: {
      connection,
      transaction: (work) => connection.withSession((session) => session.withTransaction(() => work(session))),
      ping: () => Promise.resolve(),
      close: () => connection.close(),
    },
    written: () => count,
  }
}
