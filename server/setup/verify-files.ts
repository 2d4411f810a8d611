import Router from 'koa-router'
import type { Clock } from '../platform/clock.ts'
import type { Mongo } from '../platform/mongo.ts'
import { verifyFilesModel, type VerifyFileDoc } from './verify-files.model.ts'

export type VerifyFile = { name: string; content: string }

/** `WW_verify_….txt=content`, as the setting WECOM_VERIFY_FILE has it. */
export const verifyFileIn = (setting: string | undefined): VerifyFile | null => {
  const [name = '', ...content] = (setting ?? '').split('=')
  return name === '' ? null : { name, content: content.join('=') }
}

type Deps = { mongo: Mongo; clock: Clock; setting: string | undefined }

/** The files WeCom reads from the root of a trusted domain: the one of the settings, and those put there in the console. */
export const createVerifyFiles = ({ mongo, clock, setting }: Deps) => {
  const model = verifyFilesModel(mongo.connection)
  const given = verifyFileIn(setting)
  return {
    save: async ({ name, content }: VerifyFile): Promise<void> => {
      await model.updateOne({ _id: name }, { $set: { content, at: clock.date() } }, { upsert: true })
    },
    /** The one put there last, else that of the settings. */
    latest: async (): Promise<VerifyFile | null> => {
      const doc = await model.findOne({}).sort({ at: -1 }).lean<VerifyFileDoc>()
      return doc ? { name: doc._id, content: doc.content } : given
    },
    /** The content of a file; null when there is none of that name. */
    read: async (name: string): Promise<string | null> => {
      if (name === given?.name) return given.content
      return (await model.findById(name).lean<VerifyFileDoc>())?.content ?? null
    },
  }
}
export type VerifyFiles = ReturnType<typeof createVerifyFiles>

/** GET /WW_verify_….txt: the content and nothing else. */
export const verifyFileRoutes = ({ read }: Pick<VerifyFiles, 'read'>): Router => {
  const router = new Router()
  router.get(/^\/(WW_verify_\w+\.txt)$/, async (ctx, next) => {
    const content = await read(ctx.path.slice(1))
    if (content === null) return next()
    ctx.type = 'text/plain'
    ctx.body = content
  })
  return router
}
