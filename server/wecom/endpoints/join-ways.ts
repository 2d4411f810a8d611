import { z } from 'zod'
import { wecomEndpoint } from '../endpoint.ts'
import { cgi, list, nothing, text } from './shapes.ts'

/** apis.md §8. `scene` 2: a QR code. */
const way = z.object({
  scene: z.literal(2),
  remark: text.max(30),
  auto_create_room: z.union([z.literal(0), z.literal(1)]),
  room_base_name: text.max(40),
  room_base_id: z.int().min(0),
  chat_id_list: z.array(text.min(1)).min(1).max(5),
  state: text.max(30),
})
const configId = z.object({ config_id: text.min(1) })

export const addJoinWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/add_join_way`,
  token: 'contact',
  effect: 'once',
  request: way,
  response: configId,
})

export const getJoinWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/get_join_way`,
  token: 'contact',
  effect: 'read',
  request: configId,
  response: z.object({
    join_way: z.object({
      config_id: text,
      remark: text.default(''),
      auto_create_room: z.number().default(1),
      room_base_name: text.default(''),
      room_base_id: z.number().default(1),
      chat_id_list: list,
      qr_code: text.default(''),
      state: text.default(''),
    }),
  }),
})

export const updateJoinWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/update_join_way`,
  token: 'contact',
  effect: 'repeatable',
  request: way.extend(configId.shape),
  response: nothing,
})

export const deleteJoinWay = wecomEndpoint({
  method: 'POST',
  path: `${cgi}/groupchat/del_join_way`,
  token: 'contact',
  effect: 'repeatable',
  request: configId,
  response: nothing,
})
