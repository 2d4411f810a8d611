import type { Attribute } from '@zhiyin/shared/attribute'
import { builtInAttributes } from '@zhiyin/shared/built-in-attributes'
import { describe, expect, it } from 'vitest'
import { scopeOf } from './scope.ts'
import { compile, fill } from './template.ts'
import { catalogOf } from './variables.ts'
import type { Vars } from './vars.ts'

const own = (key: string, type: Attribute['type'], over: Partial<Attribute> = {}): Attribute => ({
  key,
  name: key,
  layer: 'interests',
  type,
  choices: [],
  sensitivity: 'open',
  sources: [],
  computation: null,
  ...over,
})
const catalog = catalogOf([
  ...builtInAttributes,
  own('肤质', 'choice', { choices: ['干皮', '油皮'] }),
  own('budget', 'money'),
  own('visits', 'number'),
  own('due_at', 'date'),
  own('vip', 'boolean'),
  own('id_card', 'text', { sensitivity: 'sensitive' }),
])
const zone = 'Asia/Shanghai'
const said = (text: string, vars: Vars): string => fill(compile(text, catalog), vars, catalog, zone)
const nobody: Vars = { known: { tier: 'B', stage: 'silent', days_silent: 40, orders: 0, spend: '¥0' }, attrs: [] }

describe('compile refuses', () => {
  it.each([
    ['{{ tier', 'content.template', { line: 1, problem: expect.stringContaining('not closed') }],
    ['a\n\n{{ tier | shout }}', 'content.template', { line: 3, problem: expect.stringContaining('undefined filter') }],
    ["{% include 'x' %}", 'content.template', { line: 1, problem: expect.stringContaining('not found') }],
    ["{% render '/etc/passwd' %}", 'content.template', { line: 1, problem: expect.stringContaining('not found') }],
    ['{% for i in (1..100000000) %}x{% endfor %}', 'content.template', { line: 1, problem: expect.any(String) }],
    ['{{ customer.nam }}', 'content.variable', { line: 1, path: 'customer.nam' }],
    ['a\n{% if tier == "A" %}{{ secret }}{% endif %}', 'content.variable', { line: 2, path: 'secret' }],
    // What a rep noted of a customer is not for the customer's eyes, and true or false reads as nothing.
    ['{{ customer.remark | default: "您" }}', 'content.variable', { line: 1, path: 'customer.remark' }],
    ['{{ customer.vip | default: "您" }}', 'content.variable', { line: 1, path: 'customer.vip' }],
    ['\n{{ customer.id_card | default: "无" }}', 'content.sensitive', { line: 2, path: 'customer.id_card' }],
    ['{% if customer.id_card %}x{% endif %}', 'content.sensitive', { line: 1, path: 'customer.id_card' }],
    ['{{ customer.city }}的朋友', 'content.fallback', { line: 1, path: 'customer.city' }],
    ['{% if tier == "A" %}\n{{ customer.city | upcase }}{% endif %}', 'content.fallback', { line: 2 }],
    // A fallback that may be unknown itself is none.
    ['{{ customer.city | default: customer.肤质 }}', 'content.fallback', { line: 1 }],
    ['{{ customer.city | default: "" }}', 'content.fallback', { line: 1 }],
  ])('%j', (text, code, params) => {
    expect(() => compile(text, catalog)).toThrow(
      expect.objectContaining({ code, params: expect.objectContaining(params) }),
    )
  })
})

describe('a template says', () => {
  it('values by their type', () => {
    const vars: Vars = {
      known: { ...nobody.known, 'customer.name': '陈琳', 'rep.name': '王敏' },
      attrs: [
        { k: '肤质', v: '干皮' },
        { k: 'budget', v: 26_000 },
        { k: 'visits', v: 3.14159 },
        // 20 May, 00:30 in Shanghai
        { k: 'due_at', v: new Date('2026-05-19T16:30:00Z') },
        { k: 'topics', v: ['护肤', '彩妆'] },
      ],
    }
    const text =
      '{{ customer.name }}/{{ customer.肤质 | default: "肤质" }}/{{ customer.budget | default: "-" }}/{{ customer.visits | default: 0 }}/{{ customer.due_at | default: "近期" }}/{{ customer.topics | default: "-" }}/{{ rep.name }}'
    expect(said(text, vars)).toBe('陈琳/干皮/¥260/3.1/5月20日/护肤、彩妆/王敏')
  })

  it('the writer’s fallback before the one that stands there by itself', () => {
    expect(said('{{ customer.name }}', nobody)).toBe('您')
    expect(said('{{ customer.name | default: "亲" }}', nobody)).toBe('亲')
    expect(said("{{ customer.city | default: '您那边' }}冷吗？{{ last_product }}", nobody)).toBe('您那边冷吗？')
    expect(said('{% if customer.city %}有{% else %}无{% endif %}', nobody)).toBe('无')
    expect(said('{% if days_silent > 30 %}久{% endif %}', nobody)).toBe('久')
  })

  it('and tells which variables nothing is known of', () => {
    const { paths } = compile('{{ customer.name }}{{ customer.city | default: "-" }}{{ tier }}', catalog)
    expect(scopeOf(paths, nobody, catalog, zone).unknown.map(({ path }) => path)).toEqual([
      'customer.name',
      'customer.city',
    ])
  })

  it('nothing of an attribute that was deleted or became sensitive after it was written', () => {
    const template = compile('{{ customer.肤质 | default: "您的肤质" }}', catalog)
    const vars: Vars = { ...nobody, attrs: [{ k: '肤质', v: '干皮' }] }
    expect(fill(template, vars, catalog, zone)).toBe('干皮')
    expect(fill(template, vars, catalogOf(builtInAttributes), zone)).toBe('您的肤质')
    const sealed = catalogOf([own('肤质', 'text', { sensitivity: 'sensitive' })])
    expect(fill(template, vars, sealed, zone)).toBe('您的肤质')
  })
})
