import { contents } from '@zhiyin/shared/api/contents'
import type { ContentBody, ContentInput } from '@zhiyin/shared/content'
import type { Tier } from '@zhiyin/shared/tier'
import { computed, ref } from 'vue'
import { useCall } from '../kit/call.ts'
import { byteLength } from '@zhiyin/shared/bytes'
import { useAct } from '../kit/load.ts'
import { isComplete } from './attachments.ts'

/** The most a WeCom text may weigh, in bytes of UTF-8. */
export const textLimit = 4000

export type Slot = 'default' | Tier

/** A content item being written: its default body and the variants, one of them open. */
export const useContentEditor = (start: ContentInput, id: string | undefined) => {
  const call = useCall()
  const act = useAct()
  const name = ref(start.name)
  const body = ref<ContentBody>(structuredClone(start.body))
  const variants = ref<ContentInput['variants']>(structuredClone(start.variants))
  const slot = ref<Slot>('default')
  const input = computed<ContentInput>(() => ({ name: name.value.trim(), body: body.value, variants: variants.value }))
  const savedAs = ref(JSON.stringify({ name: start.name, body: start.body, variants: start.variants }))
  const dirty = computed(() => JSON.stringify(input.value) !== savedAs.value)

  const open = computed<ContentBody | undefined>({
    get: () => (slot.value === 'default' ? body.value : variants.value[slot.value]),
    set: (next) => {
      if (slot.value === 'default') {
        if (next !== undefined) body.value = next
        return
      }
      const { [slot.value]: _old, ...rest } = variants.value
      variants.value = next === undefined ? rest : { ...rest, [slot.value]: next }
    },
  })
  const all = computed(() => [body.value, ...Object.values(variants.value)].filter((each) => each !== undefined))
  const heavy = computed(() => all.value.some(({ text }) => byteLength(text) > textLimit))
  /** The first attachment that is not filled in; nothing is saved with one. */
  const incomplete = computed(() => all.value.flatMap(({ attachments }) => attachments).find((one) => !isComplete(one)))
  const ready = computed(
    () =>
      name.value.trim() !== '' &&
      !heavy.value &&
      incomplete.value === undefined &&
      all.value.every(({ text }) => text.trim() !== ''),
  )
  const save = () =>
    act.run(async () => {
      const sent = input.value
      if (id === undefined) await call(contents.create, { body: sent })
      else await call(contents.update, { params: { id }, body: sent })
      savedAs.value = JSON.stringify(sent)
    })
  return { name, body, variants, slot, open, dirty, ready, incomplete, act, save }
}
