import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { JoinWay, JoinWaysRead } from '../types/join-ways.ts'

const BAD_CONFIG_ID = 41044

const fetchWay = async (call: Call, configId: string): Promise<JoinWay> => {
  const { join_way: way } = await call(api.getJoinWay, { config_id: configId })
  return {
    configId: way.config_id,
    remark: way.remark,
    chatIds: way.chat_id_list,
    autoCreate: way.auto_create_room === 1,
    baseName: way.room_base_name,
    baseNumber: way.room_base_id,
    state: way.state,
    qrCode: way.qr_code,
  }
}

/** Codes that lead into customer groups (加入群聊). */
export const createJoinWaysRead = (call: Call): JoinWaysRead => ({
  joinWay: (configId) => unless(fetchWay(call, configId), (error) => isWecomError(error, BAD_CONFIG_ID), null),
})
