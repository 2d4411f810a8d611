import { createOutbox } from '../outbox/outbox.ts'
import { createPace } from '../outbox/pace.ts'
import { createRefusals } from '../outbox/refusals.ts'
import { createWantTag } from '../outbox/want-tag.ts'
import { createTasks } from '../tasks/tasks.ts'
import type { Base } from './base.ts'
import type { Reads } from './reads.ts'
import type { Measuring } from './measure.ts'
import type { Settings } from './settings.ts'
import type { Content } from './content.ts'
import type { Later } from './rooms.ts'

/** Tasks of reps and the outbox, with what is wanted of it. */
export const joinSending = (
  {
    log,
    clock,
    metrics,
    newId,
    zone,
    mongo,
    redis,
    enqueue,
    wecom,
    vault,
    border,
    facts,
    tagsRead,
    called,
    views,
    settings,
    measure,
    calendar,
    contents,
    coupons,
    media,
    links,
  }: Base & Reads & Measuring & Settings & Content,
  later: Later,
) => {
  const tasks = createTasks({
    mongo,
    clock,
    newId,
    sealText: vault.sealText,
    appendFacts: async (list) => void (await facts.append(list)),
  })
  const outbox = createOutbox({
    mongo,
    clock,
    log,
    newId,
    enqueue,
    metrics,
    zone,
    calendar,
    write: {
      ...wecom.write,
      markTag: async (mark) => {
        await wecom.write.markTag(mark)
        await later().profile.marked(mark)
      },
    },
    read: wecom.read,
    pace: createPace(redis, clock),
    media: { ...media, bytes: async (id) => media.files.bytesOf(await media.files.get(id)) },
    limits: async () => (await settings.get()).limits,
    globalHoldout: measure.seasons.heldOut,
    views,
    names: called,
    webhookOf: (id) => later().groups.webhookOf(id),
    createTasks: tasks.createMany,
    trackLinks: async (inputs) =>
      (await links.track(await coupons.handOut(await contents.admit(inputs)))).map(border.wish),
    open: vault.open,
    refusedAsSpam: async ({ broadcastId, ruleId }) => {
      if (broadcastId !== undefined) await later().broadcasts.refused(broadcastId)
      if (ruleId !== null) await later().rules.refused(ruleId)
    },
    noticed: (userid, externalUserId) => later().sync.lost(userid, externalUserId),
    appendFacts: facts.append,
  })
  const { wantMany } = outbox
  const wantTag = createWantTag({
    clock,
    wantMany: outbox.wantMany,
    wecomTagIds: async (ids) =>
      new Map(
        (await tagsRead.byIds(ids)).flatMap(({ id, wecomId }) => (wecomId === null ? [] : [[id, wecomId] as const])),
      ),
  })
  const refusals = createRefusals({ views, withdraw: outbox.withdraw })
  return { tasks, outbox, wantMany, wantTag, refusals }
}

export type Sending = ReturnType<typeof joinSending>
