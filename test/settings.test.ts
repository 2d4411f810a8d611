import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ConfigError, Env, loadConfig } from '../server/platform/config.ts'

const read = (file: string): string => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')
const names = (text: string): string[] => [...text.matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1] ?? '')
const settings = Object.keys(Env.shape).sort()

const complete = {
  PUBLIC_URL: 'https://scrm.example.com/',
  MONGODB_URL: 'mongodb://localhost/zhiyin?replicaSet=rs0',
  REDIS_URL: 'redis://localhost:6379/0',
  WECOM_CORP_ID: 'ww0000000000000001',
  WECOM_CONTACT_SECRET: 'contact-secret',
  WECOM_AGENT_ID: '1000002',
  WECOM_AGENT_SECRET: 'agent-secret',
  WECOM_CALLBACK_TOKEN: 'TOKEN123',
  WECOM_CALLBACK_AES_KEY: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  INGEST_WRITE_KEY: 'write-key-1',
  ADMIN_API_KEY: 'admin-api-key-000',
  SESSION_SECRET: 'x'.repeat(32),
  PII_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  PII_INDEX_KEY: Buffer.alloc(32, 2).toString('base64'),
}

describe('settings', () => {
  it('.env.example names every setting and no other', () => {
    expect(names(read('.env.example')).sort()).toEqual(settings)
  })

  it('docker-compose.yml names only settings that exist', () => {
    const Service = z.object({ environment: z.record(z.string(), z.string()).optional() })
    const compose = z
      .object({ services: z.record(z.string(), Service) })
      .parse(parse(read('docker-compose.yml'), { merge: true }))
    const used = Object.values(compose.services).flatMap(({ environment }) => Object.keys(environment ?? {}))
    const interpolated = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1] ?? '')
    expect(used.length).toBeGreaterThan(0)
    expect([...used, ...interpolated].filter((name) => !settings.includes(name))).toEqual([])
  })

  it('fills defaults and cuts the trailing slash of addresses', () => {
    expect(loadConfig(complete)).toMatchObject({
      PORT: 3000,
      PUBLIC_URL: 'https://scrm.example.com',
      WECOM_API_BASE: 'https://qyapi.weixin.qq.com',
      TIMEZONE: 'Asia/Shanghai',
      LOG_LEVEL: 'info',
    })
  })

  it('reports every problem at once', () => {
    const problems = (() => {
      try {
        loadConfig({
          ...complete,
          WECOM_CORP_ID: '',
          PORT: 'http',
          WECOM_CALLBACK_AES_KEY: 'short',
          TIMEZONE: 'Asia/Nowhere',
        })
      } catch (error) {
        if (error instanceof ConfigError) return error.problems
        throw error
      }
      return []
    })()
    expect(problems).toHaveLength(4)
    expect(problems.join('\n')).toMatch(/WECOM_CORP_ID is missing: CorpID/)
    expect(problems.join('\n')).toMatch(/WECOM_CALLBACK_AES_KEY exactly 43/)
  })

  it('tells an upgrade from a build without them how to make the keys of personal data, in both languages', () => {
    expect(() => loadConfig({ ...complete, PII_KEYS: '', PII_INDEX_KEY: '' })).toThrow(
      /无法启动[^]*PII_KEYS is missing[^]*生成[^]*make it once[^]*PII_KEYS=k1:\$\(openssl rand -base64 32\)[^]*PII_INDEX_KEY is missing[^]*PII_INDEX_KEY=\$\(openssl rand/,
    )
  })

  it('never repeats a secret in what it says', () => {
    expect(() => loadConfig({ ...complete, SESSION_SECRET: 'my-short-secret' })).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('my-short-secret') }),
    )
  })
})
