import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { pagesOf, unless } from '../pages.ts'
import type { ContactWay, WecomRead } from '../types.ts'

const BAD_CONFIG_ID = 41044
const IDS_PER_PAGE = 1000

const fetchWay = async (call: Call, configId: string): Promise<ContactWay> => {
  const { contact_way: way } = await call(api.getContactWay, { config_id: configId })
  return {
    configId: way.config_id,
    state: way.state,
    remark: way.remark,
    skipVerify: way.skip_verify,
    markSource: way.mark_source,
    exclusive: way.is_exclusive,
    userids: way.user,
    departments: way.party,
    qrCode: way.qr_code,
  }
}

/** Contact ways (联系我). */
export const createContactWaysRead = (call: Call): Pick<WecomRead, 'contactWay' | 'contactWayIds'> => {
  async function* contactWayIds({ from, to }: { from: Date; to: Date }): AsyncGenerator<string[]> {
    const span = { start_time: Math.floor(from.getTime() / 1000), end_time: Math.ceil(to.getTime() / 1000) }
    const pages = pagesOf((cursor) => call(api.listContactWays, { ...span, cursor, limit: IDS_PER_PAGE }))
    for await (const page of pages) yield page.contact_way.map(({ config_id }) => config_id)
  }

  return {
    contactWayIds,
    contactWay: (configId) => unless(fetchWay(call, configId), (error) => isWecomError(error, BAD_CONFIG_ID), null),
  }
}
