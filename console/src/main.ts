import '@zhiyin/shared/strict'
import { createClient } from '@zhiyin/shared/api/client'
import 'element-plus/theme-chalk/base.css'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n, keptLang, setLang } from './i18n/index.ts'
import { callKey } from './kit/call.ts'
import { clockKey, createClock } from './kit/clock.ts'
import { createConsoleRouter } from './router.ts'
import { createSession, sessionKey } from './session/session.ts'
import '@zhiyin/shared/tokens.css'
import './style/base.css'
import './style/element.css'

const clock = createClock()
const session = createSession(
  () => call,
  (url) => location.assign(url),
)
const { call } = createClient({
  base: '',
  lang: () => i18n.global.locale.value,
  zone: () => session.me.value?.timezone,
  fetch: (url, init) => fetch(url, init),
  onUnauthorized: session.lost,
  onServerTime: clock.learn,
})

await setLang(keptLang())
void session.ask()

createApp(App)
  .use(i18n)
  .use(createConsoleRouter())
  .provide(callKey, call)
  .provide(clockKey, clock)
  .provide(sessionKey, session)
  .mount('#app')
