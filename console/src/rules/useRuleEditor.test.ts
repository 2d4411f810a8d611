import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { buildRule, buildRuleInput } from '../testing/fixtures.ts'
import { failed, mountIn, type Answer } from '../testing/mount.ts'
import { draftOf, draftOfRule } from './draft.ts'
import { useRuleEditor, type RuleEditor } from './useRuleEditor.ts'

const editing = async (table: Record<string, Answer>, kept = true) => {
  const made: RuleEditor[] = []
  const rule = buildRule()
  const host = defineComponent(() => {
    made.push(kept ? useRuleEditor(draftOfRule(rule), rule) : useRuleEditor(draftOf(buildRuleInput())))
    return () => h('i')
  })
  const { asked } = await mountIn(host, {}, table)
  const [editor] = made
  if (editor === undefined) throw new Error('not set up')
  return { editor, asked }
}

describe('editing a rule', () => {
  it('saves with the version it read and is clean after', async () => {
    const { editor, asked } = await editing({ 'PUT /api/rules/r1': { body: buildRule({ version: 4 }) } })
    expect(editor.dirty.value).toBe(false)
    editor.draft.value.limits.holdoutPercent = 20
    expect(editor.dirty.value).toBe(true)
    expect(await editor.save()).toBe(true)
    expect(asked.at(-1)?.body).toMatchObject({ version: 3, limits: { holdoutPercent: 20 } })
    expect(editor.rule.value?.version).toBe(4)
    expect(editor.dirty.value).toBe(false)
  })

  it('creates what was never saved', async () => {
    const { editor, asked } = await editing({ 'POST /api/rules': { body: buildRule({ id: 'r9' }) } }, false)
    expect(editor.dirty.value).toBe(true)
    await editor.save()
    expect(asked.at(-1)?.method).toBe('POST')
    expect(editor.rule.value?.id).toBe('r9')
  })

  it('knows a conflict and can keep its own words over it', async () => {
    const { editor } = await editing({
      'PUT /api/rules/r1': failed(409, 'conflict.changed'),
      'GET /api/rules/r1': { body: buildRule({ version: 7, name: '别人的名字' }) },
    })
    editor.draft.value.name = '我的名字'
    expect(await editor.save()).toBe(false)
    expect(editor.conflict.value).toBe(true)
    await editor.reload(true)
    expect(editor.conflict.value).toBe(false)
    expect(editor.rule.value?.version).toBe(7)
    expect(editor.draft.value.name).toBe('我的名字')
    expect(editor.dirty.value).toBe(true)
    await editor.reload(false)
    expect(editor.draft.value.name).toBe('别人的名字')
    expect(editor.dirty.value).toBe(false)
  })

  it('sends meetNow when it switches on', async () => {
    const { editor, asked } = await editing({ 'POST /api/rules/r1/on': { body: buildRule({ status: 'on' }) } })
    await editor.turnOn(true)
    expect(asked.at(-1)?.body).toEqual({ meetNow: true })
    expect(editor.rule.value?.status).toBe('on')
  })
})
