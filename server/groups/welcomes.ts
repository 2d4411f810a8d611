import { mostGroupWelcomes, type Decision, type GroupWelcomeInput } from '@zhiyin/shared/api/group-ways'
import type { Attachment } from '@zhiyin/shared/content'
import type { Clock } from '../platform/clock.ts'
import { AppError, notFound } from '../platform/errors.ts'
import type { NewId } from '../platform/id.ts'
import type { Mongo } from '../platform/mongo.ts'
import type { GroupWelcomeBody, MessageAttachment, WecomSetup } from '../wecom/types.ts'
import { makeOnce, standingOf, undecided } from './making.ts'
import { groupWelcomeModel, type GroupWelcomeDoc } from './welcomes.model.ts'

export type WelcomesDeps = {
  mongo: Mongo
  clock: Clock
  newId: NewId
  setup: Pick<WecomSetup, 'addGroupWelcome' | 'editGroupWelcome' | 'deleteGroupWelcome'>
  /** An attachment with its file put into WeCom. */
  ready: (attachment: Attachment) => Promise<MessageAttachment>
}

/** Group welcome templates (入群欢迎语): made once, changed and deleted in WeCom, and here with the call. */
export const createGroupWelcomes = ({ mongo, clock, newId, setup, ready }: WelcomesDeps) => {
  const welcomes = groupWelcomeModel(mongo.connection)

  const load = async (id: string): Promise<GroupWelcomeDoc> => {
    const doc = await welcomes.findById(id).lean<GroupWelcomeDoc | null>()
    if (doc === null) throw notFound('groupWelcome', id)
    return doc
  }
  const made = async (id: string): Promise<GroupWelcomeDoc & { templateId: string }> => {
    const doc = await load(id)
    if (doc.templateId === null) throw new AppError('group.unsure', { status: 409, params: { name: doc.name } })
    return { ...doc, templateId: doc.templateId }
  }
  const bodyOf = async ({
    text,
    attachment,
  }: Pick<GroupWelcomeDoc, 'text' | 'attachment'>): Promise<GroupWelcomeBody> => ({
    text,
    attachment: attachment === null ? null : await ready(attachment),
  })

  const ask = async (doc: GroupWelcomeDoc): Promise<void> => {
    const mine = { _id: doc._id, askedAt: doc.askedAt }
    const body = await bodyOf(doc)
    await makeOnce(() => setup.addGroupWelcome(body, { notify: doc.notify }), {
      made: ({ templateId }) => welcomes.updateOne(mine, { $set: { state: 'on', templateId } }).exec(),
      unsure: () => welcomes.updateOne(mine, { $set: { state: 'unsure' } }).exec(),
      refused: () => welcomes.deleteOne(mine).exec(),
    })
  }

  return {
    list: async () =>
      (await welcomes.find().sort({ _id: -1 }).lean<GroupWelcomeDoc[]>()).map((doc) => ({
        ...doc,
        state: standingOf(doc, clock.now()),
      })),

    /** Throws `conflict.exists` for a name in use, `group.too_many_welcomes`, WecomError when WeCom refuses. A lost answer leaves it unsure. */
    async create(input: GroupWelcomeInput, by: string): Promise<GroupWelcomeDoc> {
      if ((await welcomes.exists({ name: input.name })) !== null)
        throw new AppError('conflict.exists', { status: 409, params: { name: input.name } })
      if ((await welcomes.countDocuments()) >= mostGroupWelcomes)
        throw new AppError('group.too_many_welcomes', { status: 409, params: { limit: mostGroupWelcomes } })
      const now = clock.date()
      const doc: GroupWelcomeDoc = {
        _id: newId('groupWelcome'),
        ...input,
        state: 'making',
        askedAt: now,
        templateId: null,
        changedAt: now,
        changedBy: by,
      }
      // The file first: while it cannot be had, nothing has been asked for.
      await bodyOf(doc)
      await welcomes.create([doc])
      await ask(doc)
      return load(doc._id)
    },

    async update(id: string, input: GroupWelcomeInput, by: string): Promise<GroupWelcomeDoc> {
      const { templateId } = await made(id)
      await setup.editGroupWelcome(templateId, await bodyOf(input))
      await welcomes.updateOne({ _id: id }, { $set: { ...input, changedAt: clock.date(), changedBy: by } })
      return load(id)
    },

    async remove(id: string): Promise<string> {
      const { name, templateId } = await made(id)
      await setup.deleteGroupWelcome(templateId)
      await welcomes.deleteOne({ _id: id })
      return name
    },

    /** A person's word on one whose answer was lost; throws `conflict.changed` when there is nothing (more) to decide. */
    async decide(id: string, then: Decision): Promise<string> {
      const open = { _id: id, ...undecided(clock.now()) }
      const doc =
        then === 'forget'
          ? await welcomes.findOneAndDelete(open).lean<GroupWelcomeDoc | null>()
          : await welcomes
              .findOneAndUpdate(open, { $set: { state: 'making', askedAt: clock.date() } }, { returnDocument: 'after' })
              .lean<GroupWelcomeDoc | null>()
      if (doc === null) throw new AppError('conflict.changed', { status: 409 })
      if (then === 'again') await ask(doc)
      return doc.name
    },
  }
}

export type GroupWelcomes = ReturnType<typeof createGroupWelcomes>
