import { segments } from '@zhiyin/shared/api/segments'
import type { Vocabulary } from '@zhiyin/shared/segment'
import { provide, type InjectionKey } from 'vue'
import { useCall } from '../kit/call.ts'
import { need } from '../kit/inject.ts'
import { useLoad } from '../kit/load.ts'
import type { Directory } from '../rules/context.ts'
import type { ConditionNames } from './sentence.ts'

/** What the condition builder needs from around it. */
export type ConditionContext = {
  readonly directory: () => Directory
  readonly vocabulary: () => Vocabulary
  readonly names: () => ConditionNames
}

const conditionContextKey: InjectionKey<ConditionContext> = Symbol('conditions')
export const useConditions = (): ConditionContext => need(conditionContextKey)

const nothing: Vocabulary = { attributes: [], schemes: [], segments: [] }

/** Gives the builders within a page what they choose from. `self`: the segment being edited, which cannot ask for itself. */
export const provideConditions = (directory: () => Directory, self: () => string | undefined = () => undefined) => {
  const call = useCall()
  const load = useLoad(() => call(segments.vocabulary))
  const vocabulary = (): Vocabulary => {
    const known = load.data.value ?? nothing
    return { ...known, segments: known.segments.filter(({ id }) => id !== self()) }
  }
  const find = (items: readonly { id: string | null; name: string }[], id: string): string | undefined =>
    items.find((item) => item.id === id)?.name
  const names = (): ConditionNames => ({
    chat: (id) =>
      find(
        directory().groups.map(({ chatId, name }) => ({ id: chatId, name })),
        id,
      ),
    rep: (id) => find(directory().reps, id),
    channel: (id) => find(directory().channels, id),
    segment: (id) => find(vocabulary().segments, id),
  })
  provide(conditionContextKey, { directory, vocabulary, names })
  return { vocabulary, names, load }
}
