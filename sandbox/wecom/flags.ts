import type { z } from 'zod'
import { en, zhCN } from 'zod/locales'
import { t } from '../start/language.ts'
import { FlagError, type Flag, type Program } from '../start/flags.ts'
import { WecomOptions, type WecomOptionsInput } from './options.ts'

type Key = keyof WecomOptionsInput
interface Option extends Flag {
  key: Key
  as: 'text' | 'number' | 'numbers' | 'folder'
}

const text = (key: Key, value: string, zh: string, en: string): Option => ({ key, as: 'text', value, zh, en })
const number = (key: Key, zh: string, en: string): Option => ({ key, as: 'number', value: 'N', zh, en })
const folder = (key: Key, zh: string, en: string): Option => ({ key, as: 'folder', value: 'DIR|none', zh, en })

const options: Readonly<Record<string, Option>> = {
  port: number('port', '端口，0 为任意空闲端口（默认 0）', 'port, 0 = any free one (default 0)'),
  host: text('host', 'HOST', '监听地址（默认 127.0.0.1）', 'address to listen on (default 127.0.0.1)'),
  data: folder(
    'data',
    '状态存在哪个目录，none 只在内存（默认）',
    'folder that keeps the state, none = memory only (default)',
  ),
  page: folder('page', '聊天页面的目录（默认用构建好的）', 'folder of the chat page (default: the built one)'),
  'webview-port': number(
    'webviewPort',
    '客户端 webview 的端口，0 任意；不填不开',
    'port of the client’s webview, 0 = any; left out = off',
  ),
  upstream: text(
    'upstream',
    'URL',
    'webview 里显示的产品（默认 http://127.0.0.1:3000）',
    'the product shown in it (default http://127.0.0.1:3000)',
  ),
  'corp-id': text('corpId', 'ID', '企业 ID', 'CorpID'),
  'agent-id': text('agentId', 'N', '应用的 AgentId', 'the app’s AgentId'),
  'agent-secret': text('agentSecret', 'SECRET', '应用的 Secret', 'the app’s secret'),
  'contact-secret': text('contactSecret', 'SECRET', '客户联系的 Secret', 'the secret of 客户联系'),
  'sync-secret': text('syncSecret', 'SECRET', '通讯录同步的 Secret', 'the secret of 通讯录同步'),
  token: text('token', 'TOKEN', '应用回调的 Token', 'Token of the app’s callbacks'),
  'aes-key': text(
    'aesKey',
    'KEY',
    '应用回调的 EncodingAESKey（43 位）',
    'EncodingAESKey of the app’s callbacks (43 characters)',
  ),
  'bot-id': text('botId', 'ID', '智能机器人的 ID', 'id of the AI bot'),
  'bot-token': text('botToken', 'TOKEN', '机器人回调的 Token', 'Token of its callbacks'),
  'bot-aes-key': text('botAesKey', 'KEY', '机器人回调的 EncodingAESKey', 'EncodingAESKey of its callbacks'),
  'retry-ms': {
    key: 'retryMs',
    as: 'numbers',
    value: 'N,N',
    zh: '回调第 2、3 次之前等多少毫秒（默认 1000,3000）；测试里用 20,40',
    en: 'ms before the 2nd and 3rd attempt of a callback (default 1000,3000); 20,40 for tests',
  },
  'callback-timeout-ms': number(
    'callbackTimeoutMs',
    '回调多少毫秒内要应答（默认 5000）',
    'ms a callback may take (default 5000)',
  ),
  'verify-timeout-ms': number(
    'verifyTimeoutMs',
    '验证回调地址最多多少毫秒（默认 3000）',
    'ms a URL verification may take (default 3000)',
  ),
  'mass-per-day': number(
    'massPerDay',
    '每位客户每天能收几条群发（默认 1）',
    'mass messages a customer gets per day (default 1)',
  ),
}

export const program: Program = {
  name: 'zhiyin-wecom',
  zh: '在一台机器上扮演企业微信：服务端接口、回调、OAuth、客户端、账本和可拨动的时钟',
  en: 'plays WeCom on one machine: server API, callbacks, OAuth, clients, a ledger, a clock you can move',
  flags: {
    ...options,
    reset: { value: '', zh: '先清空 --data 里的旧状态', en: 'throw away the old state in --data first' },
    help: { value: '', zh: '这份说明', en: 'this text' },
  },
}

/** The options of what was given; the rest has defaults. Throws FlagError that names each flag that does not fit. */
export function optionsOf(given: ReadonlyMap<string, string>): WecomOptions {
  const input: Record<string, unknown> = {}
  for (const [name, raw] of given) {
    const option = options[name]
    if (option) input[option.key] = valueOf(option, raw)
  }
  const parsed = WecomOptions.safeParse(input, { error: (t('zh', 'en') === 'zh' ? zhCN() : en()).localeError })
  if (parsed.success) return parsed.data
  throw new FlagError(parsed.error.issues.map((issue) => wording(issue, given)).join('\n'))
}

function valueOf({ as }: Option, raw: string): unknown {
  if (as === 'folder') return raw === 'none' ? null : raw
  if (as === 'number') return raw.trim() === '' ? raw : Number(raw)
  return as === 'numbers' ? raw.split(',').map(Number) : raw
}

function wording(issue: z.core.$ZodIssue, given: ReadonlyMap<string, string>): string {
  const name = Object.keys(options).find((one) => options[one]?.key === issue.path[0]) ?? String(issue.path[0])
  return t(
    `--${name} 的值“${given.get(name) ?? ''}”不对：${issue.message}`,
    `--${name} can not be "${given.get(name) ?? ''}": ${issue.message}`,
  )
}
