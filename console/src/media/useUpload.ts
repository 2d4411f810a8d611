import { media, mediaLimits, type Asset, type MediaKind } from '@zhiyin/shared/api/media'
import { errorTexts } from '@zhiyin/shared/errors'
import { fill, label } from '@zhiyin/shared/text'
import { useCall } from '../kit/call.ts'
import { useLang } from '../kit/lang.ts'
import { useAct } from '../kit/load.ts'
import { sizeText } from './size.ts'

/** What a file dialog offers for a kind. */
export const acceptOf = (kind: MediaKind): string => mediaLimits[kind].endings.join(',')

/** Puts a file from this computer into the library; what is too large is refused before it travels. */
export const useUpload = () => {
  const call = useCall()
  const lang = useLang()
  const act = useAct()

  const upload = async (kind: MediaKind, file: File, folder = ''): Promise<Asset | null> => {
    let kept: Asset | null = null
    await act.run(async () => {
      const limit = mediaLimits[kind].bytes
      if (file.size > limit) {
        const params = { kind: label('media', kind, lang.value), limit: sizeText(limit), size: sizeText(file.size) }
        throw new Error(fill(errorTexts['media.size'], params, lang.value))
      }
      const bytes = new Uint8Array(await file.arrayBuffer())
      kept = await call(media.upload, {
        query: { kind, name: file.name, ...(folder === '' ? {} : { folder }) },
        file: bytes,
      })
    })
    return kept
  }
  return { upload, busy: act.busy, error: act.error }
}
