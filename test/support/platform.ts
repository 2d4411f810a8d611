import { afterEach } from 'vitest'
import { z } from 'zod'
import { admin } from '../../sandbox/wecom/admin/api.ts'
import { createAdminClient } from '../../sandbox/wecom/admin/client.ts'
import { startWecom } from '../../sandbox/wecom/server.ts'
import type { MassMessagesRead, MassMessagesSetup, WecomMedia, WecomWrite } from '../../server/wecom/types.ts'
import type { MovableClock } from './clock.ts'
import { adapterOf } from './wecom.ts'

const Message = z.object({ attachments: z.array(z.looseObject({ msgtype: z.string() })).default([]) })

/** The paths a fault can be set on. */
const paths = {
  mass: '/cgi-bin/externalcontact/add_msg_template',
  welcome: '/cgi-bin/externalcontact/send_welcome_msg',
  app: '/cgi-bin/message/send',
  robot: '/cgi-bin/webhook/send',
  update: '/cgi-bin/message/update_template_card',
  upload: '/cgi-bin/media/upload',
  remind: '/cgi-bin/externalcontact/remind_groupmsg_send',
  cancel: '/cgi-bin/externalcontact/cancel_groupmsg_send',
  massList: '/cgi-bin/externalcontact/get_groupmsg_list_v2',
  massResults: '/cgi-bin/externalcontact/get_groupmsg_send_result',
  massTasks: '/cgi-bin/externalcontact/get_groupmsg_task',
} as const

/** `lost`: done, but the answer does not come; `cut`: not done and no answer; a number: that errcode. */
type Fault = 'lost' | 'cut' | number

/** Made at the first ask, the same afterwards. */
const remembered = (make: (id: string) => Promise<string>) => {
  const made = new Map<string, Promise<string>>()
  return (id: string): Promise<string> => {
    const known = made.get(id) ?? make(id)
    made.set(id, known)
    return known
  }
}

const perPage = 10_000

const pagesOf = async <T extends { id: string }>(page: (since: { since?: string }) => Promise<T[]>): Promise<T[]> => {
  const all: T[] = []
  for (;;) {
    const last = all.at(-1)
    const found = await page(last === undefined ? {} : { since: last.id })
    all.push(...found)
    if (found.length < perPage) return all
  }
}

const start = async (clock: MovableClock) => {
  const standIn = await startWecom()
  const call = createAdminClient(standIn.url)
  const adapter = adapterOf(standIn.url, clock)
  let told = 0
  /** Both clocks show the same before anything happens. */
  const now = async (): Promise<void> => {
    if (told === clock.now()) return
    told = clock.now()
    await call(admin.clock.set, { body: { now: told } })
  }
  const then = async <T>(work: () => Promise<T>): Promise<T> => {
    await now()
    return work()
  }
  await now()
  await call(admin.company.saveMember, { body: { userid: 'wang', name: '王伟' } })

  const write: WecomWrite = {
    sendWelcome: (...input) => then(() => adapter.write.sendWelcome(...input)),
    addMassMessage: (...input) => then(() => adapter.write.addMassMessage(...input)),
    sendAppMessage: (...input) => then(() => adapter.write.sendAppMessage(...input)),
    sendRobot: (...input) => then(() => adapter.write.sendRobot(...input)),
    updateCard: (...input) => then(() => adapter.write.updateCard(...input)),
    recallAppMessage: (...input) => then(() => adapter.write.recallAppMessage(...input)),
    markTag: (...input) => then(() => adapter.write.markTag(...input)),
  }
  const setup: MassMessagesSetup = {
    remindMassMessage: (...input) => then(() => adapter.setup.remindMassMessage(...input)),
    cancelMassMessage: (...input) => then(() => adapter.setup.cancelMassMessage(...input)),
  }
  const media: WecomMedia = {
    uploadMedia: (...input) => then(() => adapter.media.uploadMedia(...input)),
    uploadAttachment: (...input) => then(() => adapter.media.uploadAttachment(...input)),
    uploadPicture: (...input) => then(() => adapter.media.uploadPicture(...input)),
    uploadForRobot: (...input) => then(() => adapter.media.uploadForRobot(...input)),
  }
  const read: MassMessagesRead = {
    listGroupMessages: (...input) => then(() => adapter.read.listGroupMessages(...input)),
    groupMessageTasks: (...input) => then(() => adapter.read.groupMessageTasks(...input)),
    groupMessageResults: (...input) => then(() => adapter.read.groupMessageResults(...input)),
  }

  return {
    write,
    read,
    setup,
    media,
    close: () => standIn.close(),
    /** One more member of the company. */
    member: (userid: string, name: string) => then(() => call(admin.company.saveMember, { body: { userid, name } })),
    /** A new customer of wang, and the code to welcome them with. */
    befriend: (name: string): Promise<{ externalUserId: string; code: string }> =>
      then(async () => {
        const { external_userid: externalUserId } = await call(admin.customers.create, { body: { name } })
        const body = { userid: 'wang', external_userid: externalUserId }
        const { welcome_code: code } = await call(admin.customers.add, { body })
        return { externalUserId, code: code ?? '' }
      }),
    /** The customer deletes wang and adds him again; the code of that. */
    comesBack: (externalUserId: string): Promise<string> =>
      then(async () => {
        const body = { userid: 'wang', external_userid: externalUserId }
        await call(admin.customers.deleteByCustomer, { body })
        return (await call(admin.customers.add, { body })).welcome_code ?? ''
      }),
    /** The customer deletes wang; mass messages do not reach them any more. */
    leaves: (externalUserId: string) =>
      then(() => call(admin.customers.deleteByCustomer, { body: { userid: 'wang', external_userid: externalUserId } })),
    /** Wang deletes the customer, who cannot be written to any more. */
    isDropped: (externalUserId: string) =>
      then(() => call(admin.customers.deleteByMember, { body: { userid: 'wang', external_userid: externalUserId } })),
    /** Wang writes to the customer by a mass message of his own, which uses the day's quota. */
    usesQuota: (externalUserId: string) =>
      then(() =>
        call(admin.customers.mass, { body: { userid: 'wang', external_userids: [externalUserId], text: '自己发的' } }),
      ),
    /** A customer gets another rep. */
    alsoHeldBy: (userid: string, externalUserId: string) =>
      then(() => call(admin.customers.add, { body: { userid, external_userid: externalUserId } })),
    /** Customers wang has had for long. */
    hasHeld: (count: number): Promise<string[]> =>
      then(async () => (await call(admin.customers.hold, { body: { userid: 'wang', count } })).external_userids),
    /** A member's own mass message, sent as soon as it is made. */
    sendsByHand: (userid: string, to: { customers: string[] } | { chats: string[] }) =>
      then(() =>
        call(admin.customers.mass, {
          body: {
            userid,
            text: '自己发的',
            ...('customers' in to ? { external_userids: to.customers } : { chat_ids: to.chats }),
          },
        }),
      ),
    /** The tasks in a member's 群发助手, oldest first. */
    assistant: async (userid: string) => (await call(admin.customers.tasks, { query: { userid } })).toReversed(),
    /** A member presses send. */
    confirmBy: (userid: string, msgid: string) =>
      then(() => call(admin.customers.confirm, { params: { msgid }, body: { userid } })),
    /** A customer group of wang's. */
    group: async (name: string): Promise<string> =>
      (await call(admin.groups.create, { body: { name, owner: 'wang', kind: 'customer' } })).chat_id,
    /** The webhook of an internal group's robot. */
    webhookOf: remembered(async (name) => {
      const { chat_id } = await call(admin.groups.create, { body: { name, owner: 'wang', kind: 'internal' } })
      return (await call(admin.groups.addRobot, { params: { chat_id }, body: { name: '播报' } })).webhook
    }),
    /** WeCom's id of a tag by name. */
    wecomTagId: remembered(async (name) => {
      const { tags } = await call(admin.company.addTags, { body: { group: `组${name}`, names: [name] } })
      return tags[0]?.id ?? ''
    }),
    /** Tags wang has on a customer in WeCom. */
    tagsOf: async (externalUserId: string): Promise<string[]> =>
      (await call(admin.company.state)).relations.find((pair) => pair.external_userid === externalUserId)?.tags ?? [],
    /** The next call of the path fails so; faults of one path hit one after the other. */
    fault: async (at: keyof typeof paths, fault: Fault): Promise<void> => {
      const kind = fault === 'lost' ? ('cut_after' as const) : ('cut_before' as const)
      const how = typeof fault === 'number' ? { kind: 'errcode' as const, errcode: fault } : { kind }
      await call(admin.faults.add, { body: { path: paths[at], times: 1, ...how } })
    },
    /** Mass messages the product has made, oldest first. */
    masses: async () =>
      (await call(admin.customers.tasks, { query: { userid: 'wang' } }))
        .filter(({ text }) => text !== '自己发的')
        .map(({ msgid, text, external_userids, chat_ids }) => ({ msgid, text, to: [...external_userids, ...chat_ids] }))
        .toReversed(),
    /** Wang presses send. */
    confirm: (msgid: string) =>
      then(() => call(admin.customers.confirm, { params: { msgid }, body: { userid: 'wang' } })),
    /** A member presses a button of a card. */
    press: (body: { userid: string; task_id: string; key: string }) => then(() => call(admin.app.press, { body })),
    /** Everything people received, oldest first; read in pages, for it may be much. */
    ledger: () => pagesOf((since) => call(admin.watch.ledger, { query: { limit: perPage, ...since } })),
    /** With which errcodes a path answered, oldest first. */
    errcodes: async (at: keyof typeof paths): Promise<number[]> =>
      (await call(admin.watch.requests, { query: { path: paths[at] } })).map(({ errcode }) => errcode ?? 0),
    /** The attachments of each message a customer received, oldest first. */
    attachments: async (to: string) =>
      (await call(admin.watch.ledger, { query: { to } })).map(({ content }) => Message.parse(content).attachments),
    /** What people really received from the product. */
    received: async () =>
      (await call(admin.watch.ledger))
        .filter(({ text }) => text !== '自己发的')
        .map(({ to, via, text }) => ({ to: to.id, via, text })),
    /** How often a path was called. */
    calls: async (at: keyof typeof paths): Promise<number> =>
      (await call(admin.watch.requests, { query: { path: paths[at] } })).filter(({ path }) => path === paths[at])
        .length,
  }
}

export type Platform = Awaited<ReturnType<typeof start>>

/** Starts a stand-in of WeCom for one test at a time, over HTTP and in memory; all are closed after the test. */
export const usePlatform = (): ((clock: MovableClock) => Promise<Platform>) => {
  const open: Platform[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map((platform) => platform.close()))
  })
  return async (clock) => {
    const platform = await start(clock)
    open.push(platform)
    return platform
  }
}
