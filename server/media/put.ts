import type { MediaKind } from '@zhiyin/shared/api/media'
import { mediaLimits } from '@zhiyin/shared/api/media'
import { AppError } from '../platform/errors.ts'
import type { WecomMedia, WireFile } from '../wecom/types.ts'
import type { Files } from './files.ts'
import type { Purpose } from './uploads.ts'

/** Puts a file into WeCom by the call its purpose needs; answers the id, for pictures the address. */
export type Put = (assetId: string, purpose: Purpose) => Promise<string>

const pictureBytes = 2 * 1024 * 1024

const refused = (kind: MediaKind, formats: string): AppError =>
  new AppError('media.format', { status: 422, params: { kind, formats } })

export const createPut = ({ files, wecom }: { files: Pick<Files, 'get' | 'bytesOf'>; wecom: WecomMedia }): Put => {
  return async (assetId, purpose) => {
    const asset = await files.get(assetId)
    const { kind, name, mime, size } = asset
    if (purpose === 'picture' && kind !== 'image') throw refused(kind, mediaLimits.image.endings.join(' '))
    if (purpose === 'picture' && size > pictureBytes) {
      const params = { kind, limit: '2 MB', size: `${(size / 1024 / 1024).toFixed(1)} MB` }
      throw new AppError('media.size', { status: 422, params })
    }
    const file: WireFile = { name, mime, bytes: await files.bytesOf(asset) }
    if (purpose === 'message') return wecom.uploadMedia(kind, file)
    if (purpose === 'picture') return wecom.uploadPicture(file)
    if (typeof purpose !== 'string')
      return wecom.uploadForRobot(purpose.robot, kind === 'voice' ? 'voice' : 'file', file)
    if (kind === 'voice') throw refused(kind, 'jpg png mp4')
    return wecom.uploadAttachment(kind, purpose, file)
  }
}
