import type { z } from 'zod'
import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { isWecomError } from '../errors.ts'
import { unless } from '../pages.ts'
import type { JoinWayFields, JoinWaysSetup } from '../types/join-ways.ts'

const BAD_CONFIG_ID = 41044
const QR_CODE = 2

const wireOf = ({
  remark,
  chatIds,
  autoCreate,
  baseName,
  baseNumber,
  state,
}: JoinWayFields): z.input<typeof api.addJoinWay.request> => ({
  scene: QR_CODE,
  remark,
  auto_create_room: autoCreate ? 1 : 0,
  room_base_name: baseName,
  room_base_id: baseNumber,
  chat_id_list: [...chatIds],
  state,
})

/** Codes that lead into customer groups (加入群聊): made, changed and deleted for the groups room. */
export const createJoinWaysSetup = (call: Call): JoinWaysSetup => ({
  addJoinWay: async (way) => ({ configId: (await call(api.addJoinWay, wireOf(way))).config_id }),
  updateJoinWay: async (configId, way) => {
    await call(api.updateJoinWay, { config_id: configId, ...wireOf(way) })
  },
  deleteJoinWay: async (configId) => {
    await unless(
      call(api.deleteJoinWay, { config_id: configId }),
      (error) => isWecomError(error, BAD_CONFIG_ID),
      undefined,
    )
  },
})
