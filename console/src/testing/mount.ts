import { createClient } from '@zhiyin/shared/api/client'
import { mount } from '@vue/test-utils'
import { onTestFinished } from 'vitest'
import { computed, h, type Component } from 'vue'
import { createMemoryHistory, matchedRouteKey, type Router } from 'vue-router'
import { i18n } from '../i18n/index.ts'
import { callKey } from '../kit/call.ts'
import { clockKey, createClock } from '../kit/clock.ts'
import { zoneKey } from '../kit/zone.ts'
import { createConsoleRouter } from '../router.ts'
import { createSession, sessionKey } from '../session/session.ts'
import { at, buildMe } from './fixtures.ts'

export type Answer = { status?: number; body: unknown }
export type Asked = { method: string; path: string; body: unknown }

type Answering = Answer | ((method: string, path: string) => Answer | Promise<Answer>)

/** A client whose answers stand in a table by `GET /api/…`, `*` for all others; what it was asked is kept. */
export const answering = (table: Record<string, Answering>) => {
  const asked: Asked[] = []
  const { call } = createClient({
    base: '',
    lang: () => 'zh',
    fetch: async (url, { method, body }) => {
      const path = url.replace(/\?.*$/, '')
      asked.push({ method, path: url, body: typeof body === 'string' ? JSON.parse(body) : body })
      const found = table[`${method} ${path}`] ?? table['*'] ?? { status: 404, body: {} }
      const { status = 200, body: answer } = typeof found === 'function' ? await found(method, path) : found
      return { status, headers: { get: () => null }, text: () => Promise.resolve(JSON.stringify(answer)) }
    },
  })
  return { call, asked }
}

export const failed = (status: number, code: string, fields: { path: string; message: string }[] = []): Answer => ({
  status,
  body: { error: { code, message: code, params: {}, requestId: 'q1', fields } },
})

type Table = Parameters<typeof answering>[0]

const mountAt = async (component: Component, props: Record<string, unknown>, table: Table, router: Router) => {
  const { call, asked } = answering({ 'GET /api/session': { body: buildMe() }, ...table })
  const session = createSession(
    () => call,
    () => undefined,
  )
  await session.ask()
  const wrapper = mount(
    { render: () => h(component, props) },
    {
      attachTo: document.body,
      global: {
        plugins: [i18n, router],
        provide: {
          [callKey]: call,
          [clockKey]: createClock(() => Date.parse(at) + 2_000),
          [sessionKey]: session,
          // As RouterView would, for what asks before it is left.
          [matchedRouteKey]: computed(() => router.currentRoute.value.matched.at(-1)),
          [zoneKey]: session.me.value?.timezone ?? buildMe().timezone,
        },
      },
    },
  )
  // Files share a worker: an open dialog would keep the keyboard to itself in the next one.
  onTestFinished(() => wrapper.unmount())
  return { wrapper, asked, router, call }
}

/** Mounts a component as the app would: words, routes, clock, session, and a client with the answers given. */
export const mountIn = async (
  component: Component,
  props: Record<string, unknown>,
  table: Table = {},
  path = '/nowhere',
) => {
  const router = createConsoleRouter(createMemoryHistory())
  await router.push(path)
  return mountAt(component, props, table, router)
}

/** The same in a tab that was opened at an address just now: the code of its page is on its way. */
export const openIn = (component: Component, table: Table, path: string) => {
  const history = createMemoryHistory()
  history.replace(path)
  return mountAt(component, {}, table, createConsoleRouter(history))
}
