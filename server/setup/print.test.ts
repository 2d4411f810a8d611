import { describe, expect, it } from 'vitest'
import type { CheckResult } from '@zhiyin/shared/setup/result'
import { tableOf, widthOf } from './print.ts'

const at = '2026-06-01T02:00:00.000Z'
const results: CheckResult[] = [
  { id: 'settings', state: 'ok', seen: { code: 'settings.ok', params: {} }, errcode: null, at, ms: 1 },
  {
    id: 'ip',
    state: 'wrong',
    seen: {
      code: 'ip.refused',
      params: { ip: '203.0.113.7', errcode: 60020, hint: 'not allow, from ip: 203.0.113.7' },
    },
    errcode: 60020,
    at,
    ms: 40,
  },
  {
    id: 'callback_seen',
    state: 'unknown',
    seen: { code: 'callback_seen.none', params: { url: 'https://scrm.example.com/wecom/callback' } },
    errcode: null,
    at,
    ms: 3,
  },
]

describe('the table', () => {
  it('stands in columns in both languages, with what to click under what is wrong', () => {
    const zh = tableOf(results, { lang: 'zh', colours: false, zone: 'Asia/Shanghai' })
    expect(zh).toMatch(/^基础\n {2}通过 {2}环境设置齐全、格式正确 +全部设置都在$/m)
    expect(zh).toMatch(/有误 {2}企业可信IP +企业微信看到的 IP 是 203\.0\.113\.7/)
    expect(zh).toMatch(/怎么改: .*企业可信IP → 配置，加上 203\.0\.113\.7/)
    expect(zh.trimEnd().endsWith('1 项通过，1 项有误，1 项未知')).toBe(true)
    const starts = zh
      .split('\n')
      .filter((line) => /^ {2}(通过|有误|未知)/.test(line))
      .map((line) => widthOf(/^(.{2}.{2} {2}\S+(?: \S+)* {2,})/.exec(line)?.[1] ?? ''))
    expect(new Set(starts).size).toBe(1)
    const en = tableOf(results, { lang: 'en', colours: false, zone: 'Asia/Shanghai' })
    expect(en).toContain('WRONG    Trusted IP')
    expect(en).toMatch(/mend: .*203\.0\.113\.7/)
    expect(en).toMatch(/1 ok, 1 wrong, 1 unknown\n$/)
  })

  it('is coloured only when asked', () => {
    expect(tableOf(results, { lang: 'zh', colours: false, zone: 'Asia/Shanghai' })).not.toContain('\u001B')
    expect(tableOf(results, { lang: 'zh', colours: true, zone: 'Asia/Shanghai' })).toContain('\u001B[31m')
  })
})
