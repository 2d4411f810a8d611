import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { ContactWayChange, WecomSetup } from '../types.ts'

const BAD_CONFIG_ID = 41044
const SEVERAL = 2
const QR_CODE = 2

const fieldsOf = ({ userids, remark, skipVerify, markSource, state }: ContactWayChange) => ({
  ...(userids === undefined ? {} : { user: [...userids] }),
  ...(remark === undefined ? {} : { remark }),
  ...(skipVerify === undefined ? {} : { skip_verify: skipVerify }),
  ...(markSource === undefined ? {} : { mark_source: markSource }),
  ...(state === undefined ? {} : { state }),
})

type ContactWays = Pick<WecomSetup, 'addContactWay' | 'updateContactWay' | 'deleteContactWay'>

/** Contact ways (联系我): made, changed and deleted for the channels. */
export const createContactWaysSetup = (call: Call): ContactWays => ({
  addContactWay: async ({ state, userids, remark, skipVerify = true, markSource = true, exclusive = false }) => {
    const answer = await call(api.addContactWay, {
      type: SEVERAL,
      scene: QR_CODE,
      state,
      user: [...userids],
      skip_verify: skipVerify,
      is_exclusive: exclusive,
      mark_source: markSource,
      ...(remark ? { remark } : {}),
    })
    return { configId: answer.config_id, qrCode: answer.qr_code }
  },
  updateContactWay: async (configId, change) => {
    await call(api.updateContactWay, { config_id: configId, ...fieldsOf(change) })
  },
  deleteContactWay: async (configId) => {
    await unless(
      call(api.deleteContactWay, { config_id: configId }),
      (error) => isWecomError(error, BAD_CONFIG_ID),
      undefined,
    )
  },
})
