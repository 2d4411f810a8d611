import { flushPromises } from '@vue/test-utils'
import { label } from '@zhiyin/shared/text'
import { expect, it } from 'vitest'
import { setLang } from '../i18n/index.ts'
import { at } from '../testing/fixtures.ts'
import { mountIn } from '../testing/mount.ts'
import RequestList from './RequestList.vue'

const erased = (named: object[]) => ({
  id: 'era_1',
  kind: 'erasure',
  customer: null,
  state: 'done',
  reason: '客户要求删除',
  by: 'wangmin',
  at,
  doneAt: at,
  progress: { done: 20, of: 20 },
  expiresAt: null,
  named,
})
const open = async (named: object[]) => {
  const { wrapper } = await mountIn(
    RequestList,
    {},
    { 'GET /api/privacy/requests': { body: { items: [erased(named)] } } },
  )
  await flushPromises()
  return wrapper
}

it('says where the name of somebody erased still stands, with the way to each text', async () => {
  const wrapper = await open([
    { where: 'contents', id: 'cnt_1', title: '口碑' },
    { where: 'talktracks', id: 'tlk_1', title: '老客户怎么说' },
    { where: 'segments', id: 'seg_1', title: null },
  ])
  const note = wrapper.get('[data-testid=named-texts]')
  expect(note.text()).toContain('还有 3 处写着 TA 的名字')
  expect(note.findAll('li').map((one) => one.text())).toEqual(['内容口碑', '话术老客户怎么说', '人群已删除'])
  expect(note.findAll('a').map((one) => one.attributes('href'))).toEqual(['/contents/cnt_1', '/talk-tracks'])
  await setLang('en')
  await flushPromises()
  expect(note.text()).toContain('still stands in 3 texts of the company')
  expect(note.text()).toContain(label('written', 'talktracks', 'en'))
  await setLang('zh')
})

it('says nothing where it stands nowhere', async () => {
  expect((await open([])).find('[data-testid=named-texts]').exists()).toBe(false)
})
