import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

/** The made-up company's credentials; made once per data folder, readable by its owner only. */
export const Secrets = z.object({
  WECOM_CORP_ID: z.string(),
  WECOM_CONTACT_SECRET: z.string(),
  WECOM_AGENT_ID: z.string(),
  WECOM_AGENT_SECRET: z.string(),
  WECOM_CALLBACK_TOKEN: z.string(),
  WECOM_CALLBACK_AES_KEY: z.string(),
  INGEST_WRITE_KEY: z.string(),
  ADMIN_API_KEY: z.string(),
  SESSION_SECRET: z.string(),
  PII_KEYS: z.string(),
  PII_INDEX_KEY: z.string(),
})
export type Secrets = z.infer<typeof Secrets>

const letters = (length: number): string =>
  randomBytes(length * 2)
    .toString('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length)

const makeSecrets = (): Secrets => ({
  WECOM_CORP_ID: `ww${randomBytes(8).toString('hex')}`,
  WECOM_CONTACT_SECRET: letters(40),
  WECOM_AGENT_ID: '1000002',
  WECOM_AGENT_SECRET: letters(40),
  WECOM_CALLBACK_TOKEN: letters(24),
  WECOM_CALLBACK_AES_KEY: letters(43),
  INGEST_WRITE_KEY: letters(24),
  ADMIN_API_KEY: letters(32),
  SESSION_SECRET: letters(48),
  PII_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  PII_INDEX_KEY: randomBytes(32).toString('base64'),
})

/** The secrets of this data folder; what is missing is made. */
export const secretsIn = (file: string): Secrets => {
  const kept = existsSync(file) ? Secrets.partial().parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const whole = Secrets.safeParse(kept)
  if (whole.success) return whole.data
  // A folder of an older version lacks what came later.
  const secrets = Secrets.parse({ ...makeSecrets(), ...kept })
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 })
  return secrets
}
