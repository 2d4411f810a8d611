import { z } from 'zod'
import { Key, KeyRingText } from './keys.ts'

const mongoUrl = z.string().regex(/^mongodb(\+srv)?:\/\/.+/, 'must start with mongodb:// or mongodb+srv://')
const redisUrl = z.string().regex(/^rediss?:\/\/.+/, 'must start with redis:// or rediss://')
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .transform((url) => url.replace(/\/+$/, ''))
const secret = (min: number) => z.string().min(min, `at least ${min} characters`)
const token = z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'letters and digits, at most 32')
const aesKey = z.string().regex(/^[A-Za-z0-9]{43}$/, 'exactly 43 letters and digits')

/** `a.example.com, b.example.com:8443`; a browser shows a host in lower case and ASCII. */
const hosts = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((host) => host.trim() || []))
  .refine(
    (list) => list.every((host) => /^[a-z0-9.-]+(:\d+)?$/.test(host)),
    'hosts as a browser shows them, comma between',
  )
const verifyFile = z.string().regex(/^WW_verify_\w+\.txt=\S+$/, 'must look like WW_verify_abc.txt=content')

/** The company's time zone where its settings name none. */
export const defaultZone = 'Asia/Shanghai'

const timezone = z.string().refine((zone) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}, 'not a time zone name such as Asia/Shanghai')

/** Every setting of the server, read from the environment once. `.env.example` is checked against this schema by a test. */
export const Env = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(3000)
    .describe('Port of the web role; a worker alone answers health and metrics on it'),
  PUBLIC_URL: httpUrl.describe(
    'Address under which browsers and WeCom reach the web role; its host is the trusted domain',
  ),
  PAGE_HOSTS: hosts.describe(
    'Further hosts (with a port where there is one, comma between) whose pages may use the JS-SDK',
  ),
  MONGODB_URL: mongoUrl.describe('MongoDB, a replica set (transactions are used)'),
  REDIS_URL: redisUrl.describe('Redis with AOF, eviction off'),
  DATA_DIR: z.string().min(1).default('.data').describe('Folder for files the server keeps (uploads, exports)'),
  WECOM_API_BASE: httpUrl.default('https://qyapi.weixin.qq.com').describe('Base of the WeCom API'),
  WECOM_CORP_ID: z.string().min(1).describe('CorpID (企业ID)'),
  WECOM_CONTACT_SECRET: secret(8).describe('Secret of the app that may call customer contact (客户联系)'),
  WECOM_AGENT_ID: z.string().regex(/^\d+$/, 'digits only').describe('AgentId of the self-built app'),
  WECOM_AGENT_SECRET: secret(8).describe('Secret of the self-built app'),
  WECOM_CALLBACK_TOKEN: token.describe('Token of the receive URL'),
  WECOM_CALLBACK_AES_KEY: aesKey.describe('EncodingAESKey of the receive URL'),
  WECOM_CALLBACK_TOKEN_PREVIOUS: token.optional().describe('Token before the last rotation, still accepted'),
  WECOM_CALLBACK_AES_KEY_PREVIOUS: aesKey
    .optional()
    .describe('EncodingAESKey before the last rotation, still accepted'),
  WECOM_LOGIN: z
    .enum(['panel', 'redirect'])
    .optional()
    .describe(
      'How the console signs in: the QR code on our own page, or WeCom’s page; by itself the first with WeCom’s own API base',
    ),
  WECOM_VERIFY_FILE: verifyFile
    .optional()
    .describe('File that proves a domain to WeCom, served from the root: WW_verify_….txt=content'),
  INGEST_WRITE_KEY: secret(8).describe('Write key of the ingest API'),
  ADMIN_API_KEY: secret(16).describe('First API key, with the rights of an admin'),
  SESSION_SECRET: secret(32).describe('Signs sessions; changing it signs everybody out'),
  PII_KEYS: KeyRingText.describe(
    'Keys of personal data at rest, newest first, comma between: k1:$(openssl rand -base64 32)',
  ),
  PII_INDEX_KEY: Key.describe(
    'Key by which phones and e-mail addresses are found (openssl rand -base64 32); never change it',
  ),
  WEBHOOK_HOSTS: z
    .string()
    .default('')
    .transform(
      (text) =>
        new Set(
          text
            .split(',')
            .map((host) => host.trim())
            .filter((host) => host !== ''),
        ),
    )
    .describe('Hosts within your own network that rules may call, comma between; others must be https on the open web'),
  TIMEZONE: timezone.default(defaultZone).describe('Time zone of the company: days, quiet hours, schedules'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace'])
    .default('info')
    .describe('Least important log level written'),
})
export type Config = z.infer<typeof Env>

/** All problems of the environment at once, one line each. */
export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(
      `这样无法启动 / The server cannot start like this:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n所有设置见 / Every setting: .env.example`,
    )
    this.name = 'ConfigError'
    this.problems = problems
  }
}

const fields: Readonly<Record<string, z.ZodType>> = Env.shape
const describe = (name: string): string => fields[name]?.description ?? ''

/** What an upgrade from a build without them asks of whoever runs the server. */
const made: Readonly<Record<string, string>> = {
  PII_KEYS: 'echo "PII_KEYS=k1:$(openssl rand -base64 32)" >> .env',
  PII_INDEX_KEY: 'echo "PII_INDEX_KEY=$(openssl rand -base64 32)" >> .env',
}
const missing = (name: string): string => {
  const how = made[name]
  const make =
    how === undefined
      ? ''
      : `\n    生成一次，与备份分开保管 / make it once, and keep a copy apart from the backups:\n    ${how}`
  return `${name} is missing: ${describe(name)}${make}`
}

/** Reads the settings; an empty value counts as absent. Throws ConfigError with every problem at once. */
export const loadConfig = (env: Readonly<Record<string, string | undefined>>): Config => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = Env.safeParse(given)
  if (parsed.success) return parsed.data
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const name = issue.path.join('.')
      return given[name] === undefined ? missing(name) : `${name} ${issue.message}`
    }),
  )
}
