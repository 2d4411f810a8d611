import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { useMongo } from '../../support/mongo.ts'
import { useRedis } from '../../support/redis.ts'
import { keys } from '../../support/setup.ts'
import { useWecom } from '../../support/wecom.ts'

const mongo = useMongo()
const redis = useRedis()
const world = useWecom()
const root = resolve(import.meta.dirname, '../../..')
let folder = ''

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'zhiyin-doctor-'))
  await redis.get().config('SET', 'appendonly', 'yes')
  await world.put('trusted', { trustedDomain: '127.0.0.1' })
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const settings = () => ({
  PUBLIC_URL: 'http://127.0.0.1:65501',
  MONGODB_URL: mongo.url(),
  REDIS_URL: redis.url(),
  WECOM_API_BASE: world.url(),
  WECOM_CONTACT_SECRET: 'sandbox-contact-secret',
  WECOM_AGENT_ID: '1000002',
  WECOM_AGENT_SECRET: 'sandbox-agent-secret',
  INGEST_WRITE_KEY: 'write-key-1',
  ADMIN_API_KEY: 'admin-api-key-000',
  SESSION_SECRET: 'a session secret of 32 characters and more',
  PII_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PII_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
  ...keys,
})

/** The command as it is typed, in a folder of its own. */
const doctor = (env: Record<string, string>): Promise<{ code: number | null; out: string; err: string }> =>
  new Promise((done, reject) => {
    const child = spawn(process.execPath, [join(root, 'server/dist/doctor.js')], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', LANG: 'zh_CN.UTF-8', ...env },
    })
    let [out, err] = ['', '']
    child.stdout.on('data', (bytes: Buffer) => (out += bytes.toString()))
    child.stderr.on('data', (bytes: Buffer) => (err += bytes.toString()))
    child.once('error', reject)
    child.once('close', (code) => done({ code, out, err }))
  })

describe('npm run doctor', () => {
  it('checks with the server down, from a .env too, says what is wrong without colours, and ends with 1', async () => {
    const { WECOM_CORP_ID, ...rest } = settings()
    writeFileSync(join(folder, '.env'), `WECOM_CORP_ID=${WECOM_CORP_ID}\n`)
    const { code, out, err } = await doctor(rest)
    expect([code, err]).toEqual([1, ''])
    expect(out).toMatch(/通过 {2}应用 Secret /)
    expect(out).toMatch(/通过 {2}MongoDB 版本与副本集 /)
    expect(out).toMatch(/有误 {2}回调地址能通过验证 +从这里访问不到 .*ECONNREFUSED\n.*怎么改: /)
    expect(out).toContain('1 项有误')
    expect(out).not.toContain('\u001B')
    for (const secret of ['sandbox-agent-secret', 'admin-api-key-000', keys.WECOM_CALLBACK_AES_KEY])
      expect(out).not.toContain(secret)
    rmSync(join(folder, '.env'))
  })

  it('looks at everything else when the stores are away and WeCom refuses', async () => {
    await world.act('faults', { path: '', kind: 'ip_refused' })
    const away = {
      MONGODB_URL: 'mongodb://127.0.0.1:65502/x?serverSelectionTimeoutMS=300',
      REDIS_URL: 'redis://127.0.0.1:65503',
    }
    const { code, out } = await doctor({ ...settings(), ...away, LANG: 'en_GB.UTF-8' })
    await world.clear('faults')
    expect(code).toBe(1)
    expect(out).toMatch(/WRONG {4}MongoDB version and replica set +Cannot be reached/)
    expect(out).toMatch(/WRONG {4}Redis version and persistence +Cannot be reached/)
    expect(out).toMatch(/WRONG {4}Trusted IP .*127\.0\.0\.1.*\n.*mend: .*企业可信IP/)
    expect(out).toMatch(/ok {7}WeCom’s API can be reached/)
  })

  it('names every setting that is wrong', async () => {
    const { code, out } = await doctor({ ...settings(), WECOM_CALLBACK_AES_KEY: 'short', SESSION_SECRET: 'short' })
    expect(code).toBe(1)
    expect(out).toMatch(/有误 .*WECOM_CALLBACK_AES_KEY exactly 43.*SESSION_SECRET at least 32/)
  })
})
