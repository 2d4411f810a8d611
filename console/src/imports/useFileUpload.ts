import { importLimits, imports, type Import } from '@zhiyin/shared/api/imports'
import type { ImportKind } from '@zhiyin/shared/import'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCall } from '../kit/call.ts'
import { useAct } from '../kit/load.ts'
import { sizeText } from '../media/size.ts'
import { digestOf } from './digest.ts'

/** Sends a file part by part; one that broke off goes on from what has arrived. */
export const useFileUpload = () => {
  const call = useCall()
  const { t } = useI18n({ useScope: 'global' })
  const { busy, error, run } = useAct()
  const sent = ref(0)

  /** `before`: the digest of what has arrived already, where that was another time. */
  const parts = async (begun: Import, file: File, before?: string): Promise<Import> => {
    let now = begun
    sent.value = now.received
    while (now.state === 'uploading') {
      const { received: at } = now
      const part = new Uint8Array(await file.slice(at, at + importLimits.part).arrayBuffer())
      now = await call(imports.upload, {
        params: { id: now.id },
        query: { at, ...(at === begun.received ? { sent: before } : {}) },
        file: part,
      })
      sent.value = now.received
    }
    return now
  }
  const sending = async (work: () => Promise<Import>): Promise<Import | null> => {
    let done: Import | null = null
    await run(async () => {
      done = await work()
    })
    return done
  }

  return {
    busy,
    error,
    sent,
    /** Announces the file, tells of it at once, then sends it; null when that failed. */
    upload: (kind: ImportKind, file: File, announced: (made: Import) => void): Promise<Import | null> =>
      sending(async () => {
        if (file.size === 0) throw new Error(t('imports.isEmpty'))
        if (file.size > importLimits.bytes) throw new Error(t('imports.tooLarge', { size: sizeText(file.size) }))
        const made = await call(imports.create, { body: { kind, name: file.name, size: file.size } })
        announced(made)
        return parts(made, file)
      }),
    goOn: (begun: Import, file: File): Promise<Import | null> =>
      sending(async () => {
        if (file.size !== begun.size) throw new Error(t('imports.otherFile', { name: begun.name }))
        return parts(begun, file, await digestOf(file, begun.received))
      }),
  }
}
