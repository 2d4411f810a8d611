import { z } from 'zod'
import { getFile, post } from '../declare.ts'

/** A picture a member sends from their own device. */
const Picture = z.object({
  filename: z.string().regex(/\.(jpe?g|png)$/i),
  mime: z.string().default('image/png'),
  base64: z.base64().min(8),
})

/** Files of members' devices. */
export const mediaEndpoints = {
  upload: post(
    'media',
    '成员从手机上传图片，得到 media_id / a picture from a member’s device becomes a media_id',
    Picture,
    z.object({ media_id: z.string() }),
  ),
  file: getFile(
    'media/:media_id',
    '任意素材，聊天里的人看到的样子 / any file as the people in a chat see it',
    z.object({ media_id: z.string() }),
  ),
}
