import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fateOf } from '../population/life.ts'
import { streamOf } from '../population/stream.ts'
import { freshPages } from './book.ts'
import { openCast } from './cast.ts'
import { readFlags } from './flags.ts'
import { demoPeople, newcomersOf } from './people.ts'

const folder = mkdtempSync(join(tmpdir(), 'zhiyin-demo-'))
afterAll(() => rmSync(folder, { recursive: true }))

const day = 86_400_000
const days = 120
const firstMidnight = Date.UTC(2026, 6, 27) - 8 * 3_600_000
const companyFrom = (start: number) =>
  demoPeople(freshPages({ seed: 7, months: 4, customers: 60, mark: 'shop', start }))
const company = companyFrom(firstMidnight)
const everybody = Array.from({ length: 60 }, (_, index) => company.person(index))

test('everybody has a name, an account and a phone of their own; the star comes first', () => {
  for (const key of ['name', 'account', 'phone'] as const)
    expect(new Set(everybody.map((person) => person[key])).size, key).toBe(60)
  expect(everybody[0]).toMatchObject({ name: '林晓雯', rep: 'lina', joinsAt: 9 * 60 + 24 })
  expect(everybody.slice(1).every(({ joinsAt }) => joinsAt > 9 * 60 + 24)).toBe(true)
  expect(everybody.some(({ name }) => /^[A-Za-z -]+$/.test(name))).toBe(true)
  expect(everybody.some(({ name }) => [...name].length > 14)).toBe(true)
})

test('whatever the season, the company is as rich as a visitor needs', () => {
  for (let month = 0; month < 12; month += 1) {
    const people = companyFrom(firstMidnight + month * 30 * day)
    const kinds = new Map<string, number>()
    for (const { kind } of streamOf(people)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    expect(kinds.get('join')).toBe(60)
    expect(kinds.get('order')).toBeGreaterThan(140)
    expect(kinds.get('order')).toBeLessThan(260)
    for (const kind of ['refund', 'talk', 'tag', 'note', 'join_group', 'withdraw', 'delete_rep'])
      expect(kinds.get(kind), kind).toBeGreaterThanOrEqual(2)
    const lastSeen = everybody.slice(1).map(({ index }) => days - fateOf(people, index).lastAt / 1440)
    expect(lastSeen.filter((ago) => ago > 30 && ago < days).length, 'silent').toBeGreaterThan(15)
    expect(lastSeen.filter((ago) => ago > 91 && ago < days).length, 'lost').toBeGreaterThanOrEqual(4)
    const late = everybody.filter(({ index }) => people.joinsAt(index) > (days - 29) * 1440)
    expect(late.length, 'new').toBeGreaterThanOrEqual(4)
  }
})

test('the star bought eight times, 19 days apart, and has been away for a month', () => {
  const bought = company.starDeeds(0).flatMap(({ kind, at }) => (kind === 'order' ? [at / 1440] : []))
  const gaps = bought.slice(1).map((at, i) => at - (bought[i] ?? at))
  expect(bought.length).toBe(8)
  expect(gaps.toSorted((a, b) => a - b)[3]).toBeCloseTo(19, 0)
  const seen = Math.max(
    ...company.starDeeds(0).flatMap(({ kind, at }) => (kind === 'browse' ? [at / 1440] : [])),
    ...bought,
  )
  expect(days - seen).toBeGreaterThan(31)
  expect(days - seen).toBeLessThan(33)
  expect([...streamOf(company)].filter(({ person, kind }) => person === 0 && kind === 'order').length).toBe(8)
})

test('those who come later share no account and no phone with those who are there', () => {
  const later = newcomersOf(freshPages({ seed: 7, months: 4, customers: 60, mark: 'shop', start: firstMidnight }))
  const phones = new Set(everybody.flatMap(({ phone, account }) => [phone, account]))
  for (let index = 0; index < 60; index += 1) {
    expect(phones.has(later.person(index).phone)).toBe(false)
    expect(phones.has(later.person(index).account)).toBe(false)
  }
})

test('who has come is remembered by index and found by external_userid, also by the next process', () => {
  const file = join(folder, 'cast')
  const known = { external: 'wmAbc', joined: true, deleted: false, grouped: true }
  const cast = openCast(file)
  expect(cast.get(3)).toBeUndefined()
  cast.set(3, { ...known, joined: false })
  expect(cast.joined).toBe(0)
  cast.set(3, known)
  cast.set(70_000, { ...known, external: 'wmXyz', deleted: true })
  expect(cast.joined).toBe(2)
  expect(cast.find('wmXyz')).toBe(70_000)
  cast.close()
  const again = openCast(file)
  expect(again.get(3)).toEqual(known)
  expect(again.get(4)).toBeUndefined()
  expect(again.find('wmAbc')).toBe(3)
  expect(again.find('wmNobody')).toBeUndefined()
  expect(again.joined).toBe(2)
  expect(() => again.set(1, { ...known, external: 'w'.repeat(64) })).toThrow(RangeError)
  again.close()
})

test('flags that do not fit are refused with one sentence', () => {
  expect(readFlags(['--months', '6', '--customers', '500'])).toMatchObject({
    months: 6,
    customers: 500,
    seed: undefined,
  })
  expect(readFlags(['--rate', '100']).rate).toBe(100)
  expect(readFlags([])).toMatchObject({ months: undefined, rate: undefined, fresh: false, dataDir: '.data' })
  for (const args of [
    ['--months', '0'],
    ['--months', 'six'],
    ['--customers', '9'],
    ['--rate', '1.5'],
    ['--seed', ''],
  ])
    expect(() => readFlags(args), args.join(' ')).toThrow(args[0])
  expect(() => readFlags(['--speed', '3'])).toThrow('--speed')
})
