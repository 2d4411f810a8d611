import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { h } from 'vue'
import OpenPanel from './OpenPanel.vue'

afterEach(() => {
  document.body.innerHTML = ''
})

const opened = async () => {
  const panel = mount(OpenPanel, {
    attachTo: document.body,
    props: { width: 200 },
    global: { stubs: { transition: false } },
    slots: {
      opener: () => h('button', { id: 'opener' }, '改'),
      default: () => [h('input'), h('button', { id: 'last' }, '存')],
    },
  })
  const opener = panel.get<HTMLElement>('#opener').element
  opener.focus()
  opener.click()
  await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('INPUT'), 10_000)
  return opener
}
const press = async (key: string, shiftKey = false) => {
  const event = new KeyboardEvent('keydown', { key, shiftKey, bubbles: true, cancelable: true })
  document.activeElement?.dispatchEvent(event)
  await flushPromises()
  return event.defaultPrevented
}

it('leads the keyboard in, and back to its button with Escape', async () => {
  const opener = await opened()
  await press('Escape')
  expect(document.activeElement).toBe(opener)
})

it('leads back to its button past either end, and leaves the Tab key alone between them', async () => {
  const opener = await opened()
  expect(await press('Tab')).toBe(false)
  document.querySelector<HTMLElement>('#last')?.focus()
  expect(await press('Tab')).toBe(true)
  expect(document.activeElement).toBe(opener)
})
