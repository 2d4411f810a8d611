import { z } from 'zod'
import { purposes } from '@zhiyin/shared/consent'
import { label } from '@zhiyin/shared/text'
import { membersNamed, sayFact, type Names } from '@zhiyin/shared/timeline'
import type { Gathered } from './gather.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char)

const both = (zh: string, en: string): string => `${safe(zh)} <i>${safe(en)}</i>`
const title = (zh: string, en: string): string => `<h2>${both(zh, en)}</h2>`

/** A value as a person reads it: lists and records as nested rows. */
const valueOf = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '—'
  if (value instanceof Date) return safe(value.toISOString())
  if (Array.isArray(value)) return value.length === 0 ? '—' : `<ul>${value.map((one) => `<li>${valueOf(one)}</li>`).join('')}</ul>` // prettier-ignore
  if (typeof value === 'object') return tableOf(value)
  return safe(typeof value === 'string' ? value : JSON.stringify(value))
}
const tableOf = (record: object): string =>
  `<table>${Object.entries(record)
    .map(([key, value]) => `<tr><th>${safe(key)}</th><td>${valueOf(value)}</td></tr>`)
    .join('')}</table>`

const Line = z.looseObject({
  _id: z.string(),
  type: z.string(),
  at: z.date(),
  source: z.string(),
  payload: z.looseObject({}),
})
const Profile = z.looseObject({
  name: z.string(),
  consents: z.record(z.string(), z.string()).optional(),
  state: z.looseObject({
    traits: z.array(z.looseObject({ key: z.string(), value: z.unknown(), source: z.string() })),
    consents: z.array(
      z.looseObject({
        purpose: z.string(),
        state: z.string(),
        at: z.date(),
        source: z.string(),
        proof: z.looseObject({ text: z.string().optional(), assetId: z.string().optional() }).nullable(),
      }),
    ),
  }),
})
type Said = z.infer<typeof Profile>['state']['consents'][number]
const Entry = z.looseObject({ at: z.date(), by: z.string(), act: z.string(), detail: z.looseObject({}) })

const inBoth = (name: Parameters<typeof label>[0], key: string): string =>
  both(label(name, key, 'zh'), label(name, key, 'en'))

/** What was said of a purpose: when, where, and what proves it. */
const saidHtml = ({ state, at, source, proof }: Said): string =>
  [
    inBoth('consent_state', state),
    inBoth('consent_source', source),
    safe(at.toISOString()),
    ...(proof?.text === undefined ? [] : [safe(`“${proof.text}”`)]),
    ...(proof?.assetId === undefined ? [] : [safe(proof.assetId)]),
  ].join(' · ')

const profileHtml = (docs: readonly object[]): string =>
  z
    .array(Profile)
    .parse(docs)
    .map(({ name, consents, state }) => {
      const traits = state.traits.map(
        ({ key, value, source }) =>
          `<tr><th>${both(label('attribute', key, 'zh'), label('attribute', key, 'en'))}</th><td>${valueOf(value)}</td><td>${both(label('source', source, 'zh'), label('source', source, 'en'))}</td></tr>`,
      )
      const agreed = purposes.map((purpose) => {
        const said = state.consents.filter((one) => one.purpose === purpose).map(saidHtml)
        return `<tr><th>${inBoth('purpose', purpose)}</th><td>${inBoth('consent_state', consents?.[purpose] ?? 'unknown')}</td><td>${said.join('<br>')}</td></tr>`
      })
      return `${title('资料', 'Details')}<p>${safe(name)}</p><table>${traits.join('')}</table>${title('同意', 'Consents')}<table>${agreed.join('')}</table>`
    })
    .join('')

const timelineHtml = (docs: readonly object[], names: Names): string => {
  const rows = z
    .array(Line)
    .parse(docs)
    .map(({ _id, type, at, source, payload }) => {
      const item = { id: _id, type, at: at.toISOString(), source, payload, because: [], names }
      const [zh, en] = [sayFact(item, 'zh', 'UTC'), sayFact(item, 'en', 'UTC')]
      return `<tr><th>${safe(item.at)}</th><td>${both(zh.title, en.title)}<br>${safe(zh.detail)}</td></tr>`
    })
  return `${title('发生过的事', 'What happened')}<table>${rows.join('')}</table>`
}

const viewsHtml = (docs: readonly object[]): string => {
  const rows = z
    .array(Entry)
    .parse(docs)
    .map(
      ({ at, by, act }) =>
        `<tr><th>${safe(at.toISOString())}</th><td>${safe(by)}</td><td>${both(label('act', act, 'zh'), label('act', act, 'en'))}</td></tr>`,
    )
  return `${title('谁看过、改过', 'Who looked and who changed')}<table>${rows.join('')}</table>`
}

const style =
  'body{font:14px/1.6 system-ui,sans-serif;max-width:960px;margin:32px auto;padding:0 16px;color:#222}table{border-collapse:collapse;width:100%}th,td{border-bottom:1px solid #ddd;padding:6px 8px;text-align:left;vertical-align:top;overflow-wrap:anywhere}th{font-weight:500;width:220px;color:#555}i{color:#888;font-style:normal;font-size:12px}ul{margin:0;padding-left:18px}'

/** The members named in what was gathered, by their userids. */
export const membersOf = ({ rooms }: Gathered): string[] => [
  ...new Set(
    z
      .array(Line)
      .parse(rooms['facts']?.['facts'] ?? [])
      .flatMap(({ payload }) => membersNamed(payload)),
  ),
]

/** The same data for people: one page in Chinese and English that needs nothing else; `names` of members by userid. */
export const htmlOf = ({ customerId, at, rooms }: Gathered, names: Names): string => {
  const { profile, facts, audit, ...others } = rooms
  const rest = Object.entries(others).flatMap(([room, kinds]) =>
    Object.entries(kinds).map(
      ([kind, docs]) =>
        `${title(label('held', `${room}.${kind}`, 'zh'), label('held', `${room}.${kind}`, 'en'))}${docs.map(tableOf).join('<br>')}`,
    ),
  )
  const identities = profile?.['identities'] ?? []
  const doubts = profile?.['doubts'] ?? []
  return [
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>个人信息副本 ${safe(customerId)}</title><style>${style}</style>`,
    `<h1>${both('个人信息副本', 'A copy of personal data')}</h1><p>${safe(customerId)} · ${safe(at)}</p>`,
    profileHtml(profile?.['profile'] ?? []),
    identities.length === 0 ? '' : `${title('身份标识', 'Identities')}${identities.map(tableOf).join('<br>')}`,
    doubts.length === 0 ? '' : `<h2>${inBoth('held', 'profile.doubts')}</h2>${doubts.map(tableOf).join('<br>')}`,
    timelineHtml(facts?.['facts'] ?? [], names),
    ...rest,
    viewsHtml(audit?.['entries'] ?? []),
    '</html>',
  ].join('\n')
}
