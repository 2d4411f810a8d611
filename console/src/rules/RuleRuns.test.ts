import { flushPromises } from '@vue/test-utils'
import { Trigger } from '@zhiyin/shared/rule'
import { expect, it } from 'vitest'
import { mountIn } from '../testing/mount.ts'
import RuleRuns from './RuleRuns.vue'

const emptyOf = async (trigger: Trigger) => {
  const { wrapper } = await mountIn(
    RuleRuns,
    { ruleId: 'r1', steps: [], trigger },
    { 'GET /api/rules/r1/runs': { body: { items: [], next: null } } },
  )
  await flushPromises()
  return wrapper.get('[data-testid=empty]').text()
}

it('says of a rule begun by what happened why old orders take nobody in', async () => {
  const said = await emptyOf(Trigger.parse({ type: 'event', event: 'order.completed' }))
  expect(said).toContain('还没有人进入')
  expect(said).toContain('只看 3 天以内发生的')
  expect(await emptyOf(Trigger.parse({ type: 'stage.entered', stages: ['silent'] }))).not.toContain('天以内')
})
