import '@zhiyin/shared/strict'
import { createClient } from '@zhiyin/shared/api/client'
import { createApp } from 'vue'
import App from './App.vue'
import './app.css'
import { createWords } from './i18n/i18n.ts'
import { clock, createClock } from './platform/clock.ts'
import { server } from './platform/server.ts'
import { createSession, sessionOf } from './session/useSession.ts'
import { createNotice, notice } from './shell/useNotice.ts'
import { sdk } from './wecom/sdk.ts'
import { createWecom, wecom } from './wecom/wecom.ts'

const patience = 15_000

const words = createWords()
const time = createClock()
const client = createClient({
  base: '',
  lang: () => words.global.locale.value,
  zone: () => session.zone.value,
  fetch: (url, init) => fetch(url, { ...init, signal: AbortSignal.timeout(patience) }),
  onUnauthorized: () => void session.signIn(),
  onServerTime: time.heard,
})
const inside = createWecom({ sdk, call: client.call })
const session = createSession({
  call: () => client.call,
  way: inside.inside ? 'client' : 'qr',
  path: () => location.pathname + location.search,
  go: (url) => {
    location.replace(url)
  },
  now: time.read,
})

const app = createApp(App, { demo: new URLSearchParams(location.search).get('external') })
server.provide(app, client)
clock.provide(app, time)
wecom.provide(app, inside)
sessionOf.provide(app, session)
notice.provide(app, createNotice())
app.use(words)
app.mount('#app')
