import type { Call } from '../client.ts'
import * as api from '../endpoints/index.ts'
import { createRobotOf } from '../robot.ts'
import type { WecomMedia } from '../types.ts'

const scenes = { moment: 1, album: 2 } as const

/** Puts files into WeCom (素材); nothing reaches anybody by it. The media room calls it. */
export const createMediaSetup = (call: Call, { base }: { base: string }): WecomMedia => {
  const robotOf = createRobotOf(base)
  return {
    uploadMedia: async (type, file) => (await call(api.mediaUpload, { type }, { file })).media_id,
    uploadAttachment: async (media_type, scene, file) =>
      (await call(api.mediaUploadAttachment, { media_type, attachment_type: scenes[scene] }, { file })).media_id,
    uploadPicture: async (file) => (await call(api.mediaUploadImg, {}, { file })).url,
    uploadForRobot: async (webhook, type, file) =>
      (await call(api.webhookUploadMedia, { type }, { ...robotOf(webhook), file })).media_id,
  }
}
