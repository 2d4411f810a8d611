import type { z } from 'zod'
import { admin } from '../../admin/api.ts'
import type { AdminCall } from '../../admin/client.ts'
import type { JsapiVerify, LedgerEntry, MarkTags, MassTask, OwnMass, Remark, Say, State } from '../../admin/contract.ts'
import type { CardPress } from '../../admin/endpoints/app.ts'
import type { LedgerQuery } from '../../admin/endpoints/watch.ts'
import { createCaller } from './call.ts'

export type Company = z.infer<typeof State>
export type Member = Company['members'][number]
export type Customer = Company['customers'][number]
export type Relation = Company['relations'][number]
export type Group = Company['groups'][number]
export type Line = z.infer<typeof LedgerEntry>
export type Task = z.infer<typeof MassTask>
export type MomentTask = z.infer<typeof admin.moments.tasks.output>[number]
export type SignatureClaim = z.output<typeof JsapiVerify>
/** A press on a card: its key and what was chosen. */
export type Press = z.input<typeof CardPress>

export type SandboxApi = ReturnType<typeof createApi>

/** What people do, over the stand-in's admin API. */
export function createApi(call: AdminCall = createCaller()) {
  const pair = (userid: string, external_userid: string) => ({ userid, external_userid })
  const inGroup = (chat_id: string, id: string) => ({ params: { chat_id }, body: { id } })

  return {
    state: () => call(admin.company.state),
    ledger: (query: z.input<typeof LedgerQuery>) => call(admin.watch.ledger, { query }),
    chat: (userid: string, external_userid: string) =>
      call(admin.customers.chat, { query: pair(userid, external_userid) }),
    groupChat: (chat_id: string) => call(admin.customers.chat, { query: { chat_id } }),
    tasks: (userid: string) => call(admin.customers.tasks, { query: { userid } }),
    /** `chosen`: the customers left in the selection; without it all. */
    confirmTask: (msgid: string, userid: string, chosen?: readonly string[]) =>
      call(admin.customers.confirm, {
        params: { msgid },
        body: chosen === undefined ? { userid } : { userid, external_userids: [...chosen] },
      }),
    /** The member's own mass message, sent at once; it counts in the customers' quota. */
    massByMember: (own: z.input<typeof OwnMass>) => call(admin.customers.mass, { body: own }),
    /** One spoken line. A group line names `chat_id`, a single one `external_userid`; `text` is what a text-only reader shows. */
    say: (speech: z.input<typeof Say>) => call(admin.customers.say, { body: speech }),
    addCustomer: (name: string) => call(admin.customers.create, { body: { name } }),
    scan: (config_id: string, external_userid: string) =>
      call(admin.customers.scan, { body: { config_id, external_userid } }),
    scanGroup: (config_id: string, external_userid: string) =>
      call(admin.groups.scan, { body: { config_id, external_userid } }),
    deleteByCustomer: (userid: string, external_userid: string) =>
      call(admin.customers.deleteByCustomer, { body: pair(userid, external_userid) }),
    deleteByMember: (userid: string, external_userid: string) =>
      call(admin.customers.deleteByMember, { body: pair(userid, external_userid) }),
    /** By hand in the client: the company gets edit_external_contact. */
    remark: (change: z.input<typeof Remark>) => call(admin.customers.remark, { body: change }),
    tag: (change: z.input<typeof MarkTags>) => call(admin.customers.tag, { body: change }),
    createGroup: (name: string, owner: string, kind: 'customer' | 'internal') =>
      call(admin.groups.create, { body: { name, owner, kind } }),
    joinGroup: (chat_id: string, id: string) => call(admin.groups.join, inGroup(chat_id, id)),
    leaveGroup: (chat_id: string, id: string) => call(admin.groups.leave, inGroup(chat_id, id)),
    moments: (userid: string) => call(admin.moments.tasks, { query: { userid } }),
    publishMoment: (moment_id: string, userid: string) =>
      call(admin.moments.publish, { params: { moment_id }, body: { userid } }),
    /** The member's own moment, seen at once. */
    publishOwnMoment: (own: z.input<typeof admin.moments.own.body>) => call(admin.moments.own, { body: own }),
    reactToMoment: (how: 'like' | 'comment', moment_id: string, userid: string, external_userid: string) =>
      call(admin.moments[how], { params: { moment_id }, body: { userid, external_userid } }),
    uploadPicture: (picture: { filename: string; mime: string; base64: string }) =>
      call(admin.media.upload, { body: picture }),
    enterApp: (userid: string) => call(admin.app.enter, { body: { userid } }),
    sayToApp: (userid: string, content: string) => call(admin.app.say, { body: { userid, msgtype: 'text', content } }),
    enterBot: (userid: string) => call(admin.app.enterBot, { body: { userid } }),
    sayToBot: (userid: string, text: string) => call(admin.app.sayToBot, { body: { userid, text } }),
    pressCard: (press: Press) => call(admin.app.press, { body: press }),
    verifySignature: (claim: SignatureClaim) =>
      call(admin.company.verifyJsapi, { body: claim }).then(({ ok, err_msg }) => ({ ok, why: err_msg })),
  }
}
