import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { chunksOf, dateOf, pagesOf, unless } from '../pages.ts'
import type { CustomerContact, CustomerDetail, CustomerFollow, CustomerPair, WecomRead } from '../types.ts'

const NO_RELATION = 84061
const USERS_PER_CALL = 100
const PAIRS_PER_PAGE = 100

const contactOf = (wire: api.WireContact): CustomerContact => ({
  externalUserId: wire.external_userid,
  name: wire.name,
  type: wire.type,
  gender: wire.gender,
  ...(wire.avatar ? { avatar: wire.avatar } : {}),
  ...(wire.unionid ? { unionid: wire.unionid } : {}),
})

const followOf = (wire: api.WireFollow, tagIds: readonly (string | undefined)[]): CustomerFollow => ({
  userid: wire.userid,
  createdAt: dateOf(wire.createtime),
  tagIds: tagIds.filter((id): id is string => id !== undefined && id !== ''),
  mobiles: (wire.remark_mobiles ?? []).filter((mobile) => mobile !== ''),
  ...(wire.remark ? { remark: wire.remark } : {}),
  ...(wire.description ? { description: wire.description } : {}),
  ...(wire.remark_corp_name ? { company: wire.remark_corp_name } : {}),
  ...(wire.add_way === undefined ? {} : { addWay: wire.add_way }),
  ...(wire.state ? { state: wire.state } : {}),
})

type Customers = Pick<WecomRead, 'getCustomer' | 'followUserList' | 'batchGetByUser' | 'listContacts'>

/** Customers and who follows them (客户管理). `get` names tags in full, `batch/get_by_user` only by id; both become `tagIds`. */
export const createCustomersRead = (call: Call): Customers => {
  const detail = async (externalUserId: string): Promise<CustomerDetail | null> => {
    const follows = new Map<string, CustomerFollow>()
    let contact: CustomerContact | null = null
    const pages = pagesOf((cursor) => call(api.contactGet, { external_userid: externalUserId, cursor }))
    for await (const page of pages) {
      contact ??= contactOf(page.external_contact)
      for (const wire of page.follow_user) {
        const tagIds = (wire.tags ?? []).map((tag) => tag.tag_id)
        follows.set(wire.userid, followOf(wire, tagIds))
      }
    }
    return contact && { contact, follows: [...follows.values()] }
  }

  async function* batchGetByUser(userids: readonly string[]): AsyncGenerator<CustomerPair[]> {
    for (const some of chunksOf(userids, USERS_PER_CALL)) {
      const pages = pagesOf((cursor) =>
        unless(
          call(api.batchGetByUser, { userid_list: some, cursor, limit: PAIRS_PER_PAGE }),
          (error) => isWecomError(error, NO_RELATION),
          { external_contact_list: [], next_cursor: '' },
        ),
      )
      for await (const page of pages) {
        yield page.external_contact_list.map(({ external_contact, follow_info }) => ({
          contact: contactOf(external_contact),
          follow: followOf(follow_info, follow_info.tag_id ?? []),
        }))
      }
    }
  }

  return {
    getCustomer: (externalUserId) => unless(detail(externalUserId), (error) => isWecomError(error, NO_RELATION), null),
    followUserList: async () => (await call(api.followUserList, {})).follow_user,
    batchGetByUser,
    listContacts: (userid) =>
      unless(
        call(api.contactList, { userid }).then((answer) => answer.external_userid),
        (error) => isWecomError(error, NO_RELATION),
        [],
      ),
  }
}
