import { describe, expect, it } from 'vitest'
import { kindOf } from '../server/wecom/errcodes.ts'
import { adviceFor, hasAdvice, ipIn, plainHint, wecomAdvice } from './wecom-advice.ts'

/** Every errcode the manual names lies below this, save those of licences. */
const codes = Array.from({ length: 100_000 }, (_, errcode) => errcode).concat(301002)

describe('advice', () => {
  it('is there, in both languages, for every errcode that needs a person', () => {
    const config = codes.filter((errcode) => kindOf(errcode) === 'config')
    expect(config.length).toBeGreaterThan(35)
    expect(config.filter((errcode) => !hasAdvice(errcode))).toEqual([])
    // A token that is refused when fresh, and who is outside the range, need a person as well.
    for (const errcode of [...config, 40001, 60011, 84061, 84074]) {
      const { zh, en } = adviceFor(errcode)
      expect(zh).toMatch(/[一-龥]{4}/)
      expect(en).toMatch(/[a-z]{3}/i)
      expect(zh).not.toBe(en)
    }
  })

  it('says nothing twice, and names the address WeCom names', () => {
    const said = Object.values(wecomAdvice).map(({ zh }) => zh)
    expect(new Set(said).size).toBe(said.length)
    expect(ipIn('not allow to access from your ip, hint: [1], from ip: 203.0.113.7')).toBe('203.0.113.7')
    expect(ipIn('from ip: ::1')).toBe('::1')
    expect(ipIn('system busy')).toBe('')
    expect(plainHint('api forbidden, hint: [17956], from ip: 127.0.0.1')).toBe('api forbidden')
  })

  it('tells where to look for a code nobody knows', () => {
    expect(hasAdvice(99999)).toBe(false)
    expect(adviceFor(99999).en).toContain('errcode')
  })
})
