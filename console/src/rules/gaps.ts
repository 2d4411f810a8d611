import type { Condition } from '@zhiyin/shared/condition'
import type { EventMatch, Step, Trigger } from '@zhiyin/shared/rule'
import { gapsOfCondition, isEveryone } from '../conditions/tree.ts'
import type { RuleDraft } from './draft.ts'

export type Gap = { path: string; gap: string }
type Need = (ok: boolean, path: string, gap: string) => void

const ofMatch = ({ where }: EventMatch, path: string, need: Need): void =>
  where.forEach(({ field, test }, index) => {
    need(field !== '', `${path}.where.${index}.field`, 'field')
    if (test.op === 'is') need(test.values.length > 0, `${path}.where.${index}.test`, 'value')
    if (test.op === 'contains') need(test.text !== '', `${path}.where.${index}.test`, 'value')
  })

const ofTrigger = (trigger: Trigger, need: Need): void => {
  switch (trigger.type) {
    case 'stage.entered':
    case 'stage.left':
      return need(trigger.stages.length > 0, 'trigger.stages', 'stages')
    case 'tier.changed':
      return need(trigger.to.length > 0, 'trigger.to', 'tiers')
    case 'tier.left':
      return need(trigger.from.length > 0, 'trigger.from', 'tiers')
    case 'tag.added':
    case 'tag.removed':
      return need(trigger.tags.length > 0, 'trigger.tags', 'tag')
    case 'segment.entered':
    case 'segment.left':
      return need(trigger.segments.length > 0, 'trigger.segments', 'segment')
    case 'event':
      return ofMatch(trigger, 'trigger', need)
    case 'date':
      return need(trigger.key !== '', 'trigger.key', 'date')
    case 'customer.added':
    case 'schedule':
    case 'manual':
    case 'api':
  }
}

const ofCondition = (condition: Condition, path: string, need: Need): void => {
  need(!isEveryone(condition), path, 'condition')
  gapsOfCondition(condition).forEach((gap) => need(false, path, gap))
}

const ofStep = (step: Step, path: string, steps: readonly Step[], need: Need): void => {
  switch (step.type) {
    case 'send':
      need(step.contentId !== '', `${path}.contentId`, 'content')
      return need(step.channel !== 'robot' || Boolean(step.groupId), `${path}.groupId`, 'group')
    case 'task':
      return need(step.title.trim() !== '', `${path}.title`, 'title')
    case 'tag':
      return need(step.add.length + step.remove.length > 0, `${path}.add`, 'tag')
    case 'set_attribute':
      need(step.key !== '', `${path}.key`, 'attribute')
      return need(step.value !== '', `${path}.value`, 'value')
    case 'notify':
      need(step.to !== 'members' || step.userids.length > 0, `${path}.userids`, 'members')
      return need(step.text.trim() !== '', `${path}.text`, 'text')
    case 'transfer':
      return need(step.userids.length > 0, `${path}.userids`, 'members')
    case 'webhook':
      return need(URL.canParse(step.url), `${path}.url`, 'url')
    case 'branch':
      return step.arms.forEach(({ condition }, arm) => ofCondition(condition, `${path}.arms.${arm}.condition`, need))
    case 'split':
      return need(step.arms.reduce((sum, { percent }) => sum + percent, 0) === 100, `${path}.arms`, 'percent')
    case 'wait_until': {
      const { until } = step
      if (until.type === 'event') ofMatch(until, `${path}.until`, need)
      if (until.type !== 'confirmed') return
      const send = steps.find(({ id }) => id === until.stepId)
      return need(send?.type === 'send', `${path}.until.stepId`, 'send')
    }
    case 'wait':
    case 'exit':
  }
}

/** What the form itself can say is missing, by the path of the field in RuleInput; the server says the rest. */
export const gapsOf = (draft: RuleDraft): Gap[] => {
  const gaps: Gap[] = []
  const need: Need = (ok, path, gap) => {
    if (!ok) gaps.push({ path, gap })
  }
  need(draft.name.trim().length > 0, 'name', 'name')
  ofTrigger(draft.trigger, need)
  gapsOfCondition(draft.condition).forEach((gap) => need(false, 'condition', gap))
  need(draft.steps.length > 0, 'steps', 'steps')
  draft.steps.forEach((step, index) => ofStep(step, `steps.${index}`, draft.steps, need))
  if (draft.goal?.on === 'event' && draft.goal.event !== undefined) ofMatch(draft.goal.event, 'goal.event', need)
  return gaps
}
