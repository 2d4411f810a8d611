import * as fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { movableClock } from '../../test/support/clock.ts'
import { useMongo } from '../../test/support/mongo.ts'
import { createIds } from '../platform/id.ts'
import { byteLength, cutBytes } from '@zhiyin/shared/bytes'
import { createContents } from './contents.ts'
import { compile } from './template.ts'
import { sampleVars } from './vars.ts'

const mongo = useMongo()

describe('compile', () => {
  it.each([
    ['{{ customer.nam }}', 1, 'customer.nam'],
    ['a\n{% if tier == "A" %}{{ secret }}{% endif %}', 2, 'secret'],
    ['a\n\n{{ tier | shout }}', 3, 'undefined filter: shout'],
    ['{{ tier', 1, 'not closed'],
    ["{% include 'x' %}", 1, 'not found'],
    ["{% render '/etc/passwd' %}", 1, 'not found'],
    ['{% for i in (1..100000000) %}x{% endfor %}', 1, 'limit'],
  ])('refuses %j', (text, line, problem) => {
    expect(() => compile(text)).toThrow(
      expect.objectContaining({
        code: 'content.template',
        params: { line, problem: expect.stringContaining(problem) },
      }),
    )
  })

  it('fills in what it knows', () => {
    const template = compile(
      '{{ customer.name | default: "您" }} {{ tier }} {{ days_silent }} {{ last_product }} {{ spend }}',
    )
    expect(template.render(sampleVars)).toBe('陈琳 A 32 舒缓精华 ¥2,380')
  })
})

it('cuts by bytes, never inside a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 60 }), (text, max) => {
      const cut = cutBytes(text, max)
      expect(byteLength(cut)).toBeLessThanOrEqual(max)
      expect(text.startsWith(cut)).toBe(true)
    }),
  )
})

describe('contents', () => {
  beforeEach(() => mongo.get().connection.dropDatabase())
  const setUp = () => {
    const clock = movableClock()
    return { clock, contents: createContents({ mongo: mongo.get(), clock, newId: createIds(clock) }) }
  }
  const body = (text: string) => ({ text, attachments: [] })

  it('renders the variant of the tier, else the default, and sees a change', async () => {
    const { contents, clock } = setUp()
    const { id } = await contents.create(
      { name: 'x', body: body('默认 {{ tier }}'), variants: { A: body('贵宾') } },
      'm',
    )
    expect((await contents.render(id, 'A', sampleVars))?.text).toBe('贵宾')
    expect((await contents.render(id, 'B', { ...sampleVars, tier: 'B' }))?.text).toBe('默认 B')
    clock.advance(10)
    await contents.update(id, { name: 'x', body: body('新'), variants: {} }, 'm')
    expect((await contents.render(id, 'A', sampleVars))?.text).toBe('新')
    expect(await contents.render('none', 'A', sampleVars)).toBeNull()
  })

  it('refuses a wrong variant at saving', async () => {
    const { contents } = setUp()
    const input = { name: 'x', body: body('好'), variants: { B: body('{{ x }}') } }
    await expect(contents.create(input, 'm')).rejects.toMatchObject({ code: 'content.template' })
    expect(await contents.list()).toEqual([])
  })
})
