import type { Robot, RobotSend } from '@zhiyin/shared/api/robots'
import { because } from '@zhiyin/shared/because'
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { failed, mountIn, type Answer } from '../testing/mount.ts'
import RobotComposer from './RobotComposer.vue'

const robot: Robot = {
  groupId: 'g1',
  group: '门店晨会',
  state: 'ok',
  because: null,
  restUntil: null,
  sentLastMinute: 0,
  perMinute: 18,
  waiting: 0,
}
const send = (state: RobotSend['state']): RobotSend => ({
  state,
  because: state === 'failed' ? [because('robot.gone', { errcode: 93000 })] : [],
})

/** Dialogs stand in the body, not in the component. */
const one = <T extends Element>(what: string, kind: new () => T): T => {
  const found = document.querySelector(what)
  if (!(found instanceof kind)) throw new Error(`no ${what}`)
  return found
}
const write = async (text: string) => {
  const area = one('textarea', HTMLTextAreaElement)
  area.value = text
  area.dispatchEvent(new Event('input'))
  await flushPromises()
}
const press = async (id: string) => {
  one(`[data-testid="${id}"]`, HTMLButtonElement).click()
  await flushPromises()
}
const composing = (table: Record<string, Answer>) =>
  mountIn(RobotComposer, { robot }, { 'GET /api/members': { body: { items: [] } }, ...table })

beforeEach(() => {
  document.body.innerHTML = ''
})

describe('writing through a robot', () => {
  it('counts bytes as they are typed and shows the parts in which it will go out', async () => {
    await composing({})
    expect(one('[data-testid="robot-send"]', HTMLButtonElement).disabled).toBe(true)
    await write('早会')
    expect(one('[data-testid="robot-bytes"]', HTMLElement).textContent).toContain('6 / 2,048')
    expect(document.querySelectorAll('[data-testid="robot-preview"]')).toHaveLength(1)
    await write('第一行\n'.repeat(300))
    expect(one('[data-testid="robot-bytes"]', HTMLElement).textContent).toContain('2 条')
    expect(document.querySelectorAll('[data-testid="robot-preview"]')).toHaveLength(2)
    await write('好'.repeat(6000))
    expect(one('[data-testid="robot-bytes"]', HTMLElement).textContent).toContain('请删减 2,000 字节')
    expect(one('[data-testid="robot-send"]', HTMLButtonElement).disabled).toBe(true)
  })

  it('sends once and says that it is in the group', async () => {
    const { asked, wrapper } = await composing({
      'POST /api/robots/g1/messages': { body: { intentId: 'i1' } },
      'GET /api/robots/messages/i1': { body: send('sent') },
    })
    await write('早会')
    await press('robot-send')
    expect(asked.find(({ method }) => method === 'POST')?.body).toMatchObject({
      message: { kind: 'text', text: '早会', mentions: [] },
    })
    expect(wrapper.findComponent(RobotComposer).emitted('close')).toHaveLength(1)
  })

  it('says why it did not get there, and another press is another try', async () => {
    const { asked } = await composing({
      'POST /api/robots/g1/messages': { body: { intentId: 'i1' } },
      'GET /api/robots/messages/i1': { body: send('failed') },
    })
    await write('早会')
    await press('robot-send')
    expect(document.body.textContent).toContain('93000')
    await press('robot-send')
    const keys = asked.filter(({ method }) => method === 'POST').map(({ body }) => JSON.stringify(body))
    expect(new Set(keys).size).toBe(2)
  })

  it('keeps what was written when the server is away', async () => {
    await composing({ 'POST /api/robots/g1/messages': failed(503, 'storage.unavailable') })
    await write('早会')
    await press('robot-send')
    expect(document.querySelector('[role="alert"]')?.textContent).not.toBe('')
    expect(one('textarea', HTMLTextAreaElement).value).toBe('早会')
  })
})
