import { contents } from '@zhiyin/shared/api/contents'
import { byteLength } from '@zhiyin/shared/bytes'
import {
  type ContentInput,
  saysSomething,
  textsOf,
  VariantWhen,
  type Content,
  type ContentBody,
  type Variant,
} from '@zhiyin/shared/content'
import { computed, ref, shallowRef } from 'vue'
import { useCall } from '../kit/call.ts'
import { useAct } from '../kit/load.ts'
import { isComplete } from './attachments.ts'

/** The default body, or the variant of that place. */
export type Slot = 'default' | number

const inputOf = ({ name, folder, body, variants, couponId, expiresAt }: ContentInput): ContentInput => ({
  name,
  folder,
  body,
  variants,
  couponId,
  expiresAt,
})

/** A content item being written: its default body and the variants, one of them open. */
export const useContentEditor = (start: ContentInput, id: string | undefined) => {
  const call = useCall()
  const act = useAct()
  const input = shallowRef<ContentInput>(inputOf(start))
  const put = (part: Partial<ContentInput>) => (input.value = { ...input.value, ...part })
  const slot = ref<Slot>('default')
  const savedAs = ref(JSON.stringify(input.value))
  const dirty = computed(() => JSON.stringify({ ...input.value, name: input.value.name.trim() }) !== savedAs.value)

  const variant = computed<Variant | undefined>({
    get: () => (slot.value === 'default' ? undefined : input.value.variants[slot.value]),
    set: (next) => {
      if (next === undefined) return
      put({ variants: input.value.variants.map((each, at) => (at === slot.value ? next : each)) })
    },
  })
  const open = computed<ContentBody>({
    get: () => variant.value?.body ?? input.value.body,
    set: (body) => {
      if (variant.value === undefined) put({ body })
      else variant.value = { ...variant.value, body }
    },
  })
  /** A new variant with the words of the default, opened. */
  const add = () => {
    put({ variants: [...input.value.variants, { when: {}, body: input.value.body }] })
    slot.value = input.value.variants.length - 1
  }
  const drop = () => {
    put({ variants: input.value.variants.filter((_, at) => at !== slot.value) })
    slot.value = 'default'
  }
  /** Of several that fit the first holds. */
  const earlier = () => {
    const at = slot.value
    const moved = variant.value
    if (at === 'default' || at === 0 || moved === undefined) return
    const rest = input.value.variants.filter((_, place) => place !== at)
    put({ variants: [...rest.slice(0, at - 1), moved, ...rest.slice(at - 1)] })
    slot.value = at - 1
  }

  const bodies = computed(() => [input.value.body, ...input.value.variants.map(({ body }) => body)])
  /** The first attachment that is not filled in; nothing is saved with one. */
  const incomplete = computed(() =>
    bodies.value.flatMap(({ attachments }) => attachments).find((one) => !isComplete(one)),
  )
  const heavy = computed(() =>
    bodies.value.some((body) => textsOf(body).some(({ text, limit }) => byteLength(text) > limit)),
  )
  /** A variant that says not yet whom it is for. */
  const aimless = computed(() => input.value.variants.some(({ when }) => !VariantWhen.safeParse(when).success))
  const ready = computed(
    () =>
      input.value.name.trim() !== '' &&
      !heavy.value &&
      !aimless.value &&
      incomplete.value === undefined &&
      bodies.value.every(saysSomething),
  )
  const save = async (): Promise<Content | null> => {
    let kept: Content | null = null
    await act.run(async () => {
      const body = { ...inputOf(input.value), name: input.value.name.trim() }
      kept =
        id === undefined ? await call(contents.create, { body }) : await call(contents.update, { params: { id }, body })
      savedAs.value = JSON.stringify(body)
    })
    return kept
  }
  return { input, slot, variant, open, add, drop, earlier, dirty, ready, incomplete, aimless, act, save }
}
