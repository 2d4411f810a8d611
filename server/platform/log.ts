import { pino, type Logger } from 'pino'

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>

const secrets = [
  'access_token',
  'secret',
  'corpsecret',
  'ticket',
  'key',
  'token',
  'aesKey',
  'authorization',
  'cookie',
  'password',
  'msg_signature',
  'echostr',
  'code',
  'welcome_code',
  'WelcomeCode',
  'webhook',
]

/** JSON lines on stdout. Secrets are cut out by name at two depths; never log a whole URL of WeCom, its query carries the token. */
export const createLog = (level: string): Log =>
  pino({
    level,
    base: null,
    redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '[cut]' },
  })
