import type { Channel } from '@zhiyin/shared/api/channels'
import type { Group } from '@zhiyin/shared/api/groups'
import type { Tag } from '@zhiyin/shared/api/tags'
import type { Content } from '@zhiyin/shared/content'
import type { SendLimits } from '@zhiyin/shared/intent'
import type { Vocabulary } from '@zhiyin/shared/segment'
import { label, type Lang } from '@zhiyin/shared/text'
import type { InjectionKey } from 'vue'
import { need } from '../kit/inject.ts'
import type { RuleProblems } from './useRuleProblems.ts'
import type { Names } from './words.ts'

export type Directory = {
  tags: Tag[]
  contents: Content[]
  groups: Group[]
  channels: Channel[]
  reps: { id: string; name: string }[]
}

export const emptyDirectory: Directory = { tags: [], contents: [], groups: [], channels: [], reps: [] }

/** What the parts of the rule form need from around them. */
export type RuleContext = Pick<RuleProblems, 'problemAt' | 'problemsOf' | 'gapsOf' | 'failed'> & {
  readonly directory: () => Directory
  readonly names: () => Names
  readonly limits: () => SendLimits | undefined
}

export const ruleContextKey: InjectionKey<RuleContext> = Symbol('rule')
export const useRuleContext = (): RuleContext => need(ruleContextKey)

/** Names out of the directory, of attributes those managers defined too; what is gone prints its id. */
export const namesOf = (directory: Directory, lang: Lang, attributes: Vocabulary['attributes'] = []): Names => {
  const find = (items: readonly { id: string; name: string }[]) => {
    const byId = new Map(items.map(({ id, name }) => [id, name]))
    return (id: string) => byId.get(id) ?? id
  }
  return {
    content: find(directory.contents),
    tag: find(directory.tags),
    group: find(directory.groups),
    channel: find(directory.channels),
    rep: find(directory.reps),
    attribute: (key) => {
      const own = attributes.find((each) => each.key === key)
      return own === undefined ? label('attribute', key, lang) : lang === 'en' ? own.nameEn : own.name
    },
  }
}
