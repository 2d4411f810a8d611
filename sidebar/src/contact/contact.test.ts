import { afterEach, describe, expect, it } from 'vitest'
import type { Follow } from '@zhiyin/shared/customer'
import { ago, buildProfile, day } from '../testing/build.ts'
import { fullServer, mountApp } from '../testing/mountApp.ts'

const textOf = (element: HTMLElement): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim()

const mine: Follow = {
  userid: 'wang',
  name: '王敏',
  state: 'following',
  since: ago(214 * day),
  half: false,
  sends: true,
  remark: '618 复购群',
  company: '青山',
  mobiles: ['13800138000'],
}

afterEach(() => {
  document.body.innerHTML = ''
})

describe('notes and reps', () => {
  it('shows what I noted and every hold: who sends, who has handed over, who waits', async () => {
    const api = fullServer()
    const others = [
      { ...mine, userid: 'lina', name: '李娜', remark: undefined, mobiles: [], sends: false, half: true },
      { ...mine, userid: 'zhao', name: '赵敏', state: 'handed_over' as const, to: '王敏', mobiles: [], sends: false },
    ].map(({ remark: _remark, ...rest }) => rest)
    api.on('GET /api/customers/external/wm1', () => buildProfile({ follows: [mine, ...others] }))
    const { find, all, page } = await mountApp(api)
    const card = textOf(find('contact'))
    for (const text of ['618 复购群', '青山', '13800138000']) expect(card).toContain(text)
    const holds = all('hold').map(textOf)
    expect(holds[0]).toContain('王敏（我）')
    expect(holds[0]).toContain('默认发送')
    expect(holds[1]).toContain('等顾问添加对方')
    expect(holds[2]).toContain('已转接给 王敏')
    page.unmount()
  })

  it('saves the notes under my name and shows what came back; too long is not sent', async () => {
    const api = fullServer()
    api.on('GET /api/customers/external/wm1', () => buildProfile({ follows: [mine] }))
    api.on('PUT /api/customers/c1/contact', () => buildProfile({ follows: [{ ...mine, remark: '静姐' }] }))
    const { find, press, page } = await mountApp(api)
    await press('contact-edit')
    const remark = find('contact-remark')
    if (!(remark instanceof HTMLInputElement)) throw new Error('no input')
    const type = async (text: string): Promise<void> => {
      remark.value = text
      remark.dispatchEvent(new Event('input'))
      await page.vm.$nextTick()
    }
    await type('字'.repeat(21))
    expect(find('contact-save').hasAttribute('disabled')).toBe(true)
    await type('静姐')
    find('contact-save')
      .closest('form')
      ?.dispatchEvent(new Event('submit', { cancelable: true }))
    await new Promise((resolve) => setTimeout(resolve, 0))
    const asked = api.asked.find(({ path }) => path.endsWith('/contact'))
    expect(asked?.body).toEqual({
      userid: 'wang',
      remark: '静姐',
      description: '',
      company: '青山',
      mobiles: ['13800138000'],
    })
    expect(textOf(find('contact'))).toContain('静姐')
    page.unmount()
  })
})
