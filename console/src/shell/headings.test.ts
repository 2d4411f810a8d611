import { api } from '@zhiyin/shared/api/index'
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { routes } from '../router.ts'
import { emptyOf } from '../testing/empty.ts'
import { buildMe } from '../testing/fixtures.ts'
import { failed, mountIn, openIn, type Answer } from '../testing/mount.ts'
import PageOutlet from './PageOutlet.vue'

const ids: Readonly<Record<string, string>> = { kind: 'rule', template: 'recall', trial: 'trl_1', rest: 'nowhere' }
/** The board of queues is a page of the server's own: it leaves this app at once. */
const pages = routes
  .filter(({ name }) => name !== 'queues')
  .map(({ path, name }) => ({
    name,
    path: path.replace('(.*)*', '').replace(/:(\w+)/g, (_all, param: string) => ids[param] ?? 'x_1'),
  }))

const endpoints = Object.values(api).flatMap((room) => Object.values(room))
const partsOf = (path: string): string[] => path.split('/')
/** The endpoint whose path fits best: one with the fewest parameters. */
const endpointOf = (method: string, path: string) => {
  const parts = partsOf(path)
  const fits = endpoints.filter((one) => {
    const own = partsOf(one.path)
    return (
      one.method === method &&
      own.length === parts.length &&
      own.every((part, at) => part.startsWith(':') || part === parts[at])
    )
  })
  return fits.toSorted((a, b) => a.path.split(':').length - b.path.split(':').length)[0]
}
const empty = (method: string, path: string): Answer => {
  const found = endpointOf(method, path)
  return found === undefined ? failed(404, 'not_found') : { body: emptyOf(found.output) }
}

const states: Readonly<Record<string, Answer | ((method: string, path: string) => Answer | Promise<Answer>)>> = {
  'while it is read': () => new Promise<Answer>(() => undefined),
  'when it cannot be read': failed(500, 'internal'),
  'with nothing in it': empty,
}

type Mounted = Awaited<ReturnType<typeof mountIn>>
const headingsIn = ({ wrapper }: Mounted): string[] => wrapper.findAll('h1').map((one) => one.text())
const headingsOf = async (path: string, rest: (typeof states)[string], role: 'rep' | 'admin') => {
  const mounted = await mountIn(PageOutlet, {}, { 'GET /api/session': { body: buildMe({ role }) }, '*': rest }, path)
  await flushPromises()
  await vi.dynamicImportSettled()
  await flushPromises()
  return headingsIn(mounted)
}

afterEach(() => {
  document.body.innerHTML = ''
})

describe.each(Object.entries(states))('every page has one heading %s', (_state, rest) => {
  it.each(pages)('$name', async ({ path }) => {
    const headings = await headingsOf(path, rest, 'admin')
    expect(headings).toHaveLength(1)
    expect(headings[0]).not.toBe('')
  })
})

it('a page says to a rep in its heading whose it is', async () => {
  expect(await headingsOf('/rules', failed(403, 'auth.forbidden'), 'rep')).toEqual([expect.stringContaining('权限')])
})

it.each([
  ['/', '今日'],
  ['/rules/r_1/versions', '规则'],
  ['/coupons?folder=x#top', '内容'],
  ['/nowhere/at/all', '知音'],
])('while its code is loading, %s is headed %s; then it has the one heading of its own', async (path, name) => {
  const opened = await openIn(
    PageOutlet,
    { 'GET /api/session': { body: buildMe({ role: 'admin' }) }, '*': empty },
    path,
  )
  expect(headingsIn(opened)).toEqual([name])
  expect(opened.wrapper.find('[data-testid=skeleton]').exists()).toBe(true)
  await opened.router.isReady()
  await vi.dynamicImportSettled()
  await flushPromises()
  expect(opened.router.currentRoute.value.fullPath).toBe(path)
  expect(headingsIn(opened)).toEqual([expect.stringMatching(/./)])
})
