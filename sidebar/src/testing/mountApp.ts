import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import App from '../App.vue'
import { createWords } from '../i18n/i18n.ts'
import { clock, createClock } from '../platform/clock.ts'
import { server } from '../platform/server.ts'
import { createSession, sessionOf } from '../session/useSession.ts'
import { createNotice, notice } from '../shell/useNotice.ts'
import { wecom, type Place, type Wecom } from '../wecom/wecom.ts'
import {
  attributeRows,
  buildItem,
  buildLevel,
  buildProfile,
  buildSuggestion,
  buildTagOption,
  buildTask,
  noon,
} from './build.ts'
import { fakeServer, type FakeServer } from './fakeServer.ts'
import { memoryStore } from './within.ts'

type Mounted = {
  page: VueWrapper
  server: FakeServer
  sent: string[]
  /** What a person can find anywhere on the page, sheets included. */
  readonly find: (testId: string) => HTMLElement
  readonly all: (testId: string) => HTMLElement[]
  readonly press: (testId: string) => Promise<void>
  readonly moveTo: (place: Place) => void
}

const chatOf = (externalUserId: string): Place => ({ kind: 'single', externalUserId, talks: true })

/** The API as it answers for one customer everything is known of. */
export const fullServer = (): FakeServer =>
  fakeServer({
    'GET /api/session': () => ({ userid: 'wang', name: '王敏', role: 'rep', timezone: 'Asia/Shanghai' }),
    'GET /api/tasks': ({ query }) => {
      const about = query.get('customerId')
      const all = [
        buildTask(),
        buildTask({ id: 'k2', kind: 'confirm_mass', title: '确认群发', customerId: 'c2', customer: '陈立' }),
      ]
      return { items: all.filter(({ customerId }) => about === null || customerId === about), next: null }
    },
    'GET /api/customers/external/wm1': () => buildProfile(),
    'GET /api/customers/c1': () => buildProfile(),
    'GET /api/customers/c1/timeline': () => ({
      items: [buildItem('秋季护肤指南'), buildItem('x', { type: 'odd.fact' })],
      next: null,
    }),
    'GET /api/attributes': () => ({ items: attributeRows, working: null }),
    'GET /api/customers/c1/levels': () => ({ items: [{ ...buildLevel(), history: [] }] }),
    'GET /api/customers/c1/suggestions': () => ({ items: [buildSuggestion('一'), buildSuggestion('二')] }),
    'GET /api/customers/c1/talk-tracks': () => ({
      items: ['嫌贵', '生日', '售后', '打招呼'].map((title, index) => ({
        id: `tlk_${index}`,
        situation: index === 0 ? 'price' : '到店',
        title,
        text: `${title}：晓雯姐，您看这样好不好`,
        fits: index === 0,
        tiers: index === 0 ? ['A'] : [],
        stages: [],
      })),
    }),
    'GET /api/customers/c1/materials': () => ({
      items: [
        {
          contentId: 'cnt_1',
          name: '发券',
          folder: '促销',
          body: { text: '您的券 〔券码 cpb_1〕', attachments: [] },
          coupon: true,
        },
      ],
    }),
    'POST /api/customers/c1/materials/cnt_1': () => ({ text: '您的券 ZY-1', attachments: [] }),
    'POST /api/talk-tracks/tlk_0/used': () => ({ ok: true }),
    'GET /api/tags': () => ({ items: [buildTagOption(), buildTagOption({ id: 't1', name: '敏感肌' })] }),
    'POST /api/customers/c1/said': () => ({ ok: true }),
    'POST /api/customers/c1/replied': () => ({ ok: true, optedOut: false }),
  })

/** The whole sidebar beside a chat, with the real API client over a table of answers. */
export const mountApp = async (
  api = fullServer(),
  over: Partial<Wecom> = {},
  demo: string | null = null,
): Promise<Mounted> => {
  const sent: string[] = []
  let place = chatOf('wm1')
  const client: Wecom = {
    inside: true,
    place: () => Promise.resolve(place),
    sendText: (text) => {
      sent.push(text)
      return Promise.resolve()
    },
    sendMessage: (message) => {
      sent.push(JSON.stringify(message))
      return Promise.resolve()
    },
    ...over,
  }
  const time = createClock(() => noon)
  const session = createSession({
    call: () => api.call,
    way: 'client',
    path: () => '/sidebar/',
    go: () => undefined,
    now: time.read,
  })
  const page = mount(App, {
    props: { demo },
    attachTo: document.body,
    global: {
      plugins: [
        createWords(memoryStore({ lang: 'zh' })),
        {
          install: (app) => {
            server.provide(app, api)
            clock.provide(app, time)
            wecom.provide(app, client)
            sessionOf.provide(app, session)
            notice.provide(app, createNotice())
          },
        },
      ],
    },
  })
  const all = (testId: string): HTMLElement[] => [
    ...document.querySelectorAll<HTMLElement>(`[data-testid="${testId}"]`),
  ]
  const find = (testId: string): HTMLElement => {
    const found = all(testId)[0]
    if (!found) throw new Error(`${testId} is not on the page`)
    return found
  }
  const press = async (testId: string): Promise<void> => {
    find(testId).click()
    await flushPromises()
  }
  await flushPromises()
  return { page, server: api, sent, find, all, press, moveTo: (next) => (place = next) }
}
