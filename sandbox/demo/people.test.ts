import { expect, test } from 'vitest'
import { minutesOf, type Deed } from './deed.ts'
import { peopleOf } from './people.ts'
import { comebackOf, planOf } from './plan.ts'
import { chanceOf } from './random.ts'

const days = 120
const people = peopleOf(7, 60, days)
const plans = people.map((person) => planOf(person, 7, days))
const ordersOf = (deeds: readonly Deed[]) => deeds.flatMap((deed) => (deed.kind === 'order' ? [deed] : []))

test('the same seed makes the same company, another seed another', () => {
  expect(peopleOf(7, 60, days)).toEqual(people)
  expect(people.map((person) => planOf(person, 7, days))).toEqual(plans)
  expect(peopleOf(8, 60, days)).not.toEqual(people)
})

test('everybody has a name and an account of their own; the star comes first', () => {
  expect(new Set(people.map(({ name }) => name)).size).toBe(60)
  expect(new Set(people.map(({ account }) => account)).size).toBe(60)
  expect(people[0]).toMatchObject({ name: '林晓雯', rep: 'lina', joinDay: 0, special: 'star' })
  expect(Math.min(...people.slice(1).map((person) => minutesOf(person.joinDay, person.joinMinute)))).toBeGreaterThan(
    minutesOf(0, people[0]?.joinMinute ?? Infinity),
  )
  expect(people.some(({ name }) => /^[A-Za-z -]+$/.test(name))).toBe(true)
  expect(people.some(({ name }) => [...name].length > 14)).toBe(true)
})

test('there are customers of every kind, new ones at the end, and some who say no', () => {
  expect(new Set(people.map(({ kind }) => kind)).size).toBe(6)
  expect(people.filter(({ joinDay }) => joinDay >= days - 29).length).toBeGreaterThanOrEqual(4)
  expect(people.filter(({ special }) => special === 'deletes').length).toBeGreaterThanOrEqual(2)
  expect(people.filter(({ special }) => special === 'withdraws').length).toBeGreaterThanOrEqual(2)
  const early = people.filter(({ kind, until }) => kind === 'gone' && until <= days - 91)
  expect(early.length).toBeGreaterThanOrEqual(4)
})

test('orders are sensible: amounts, rhythm, and nothing before somebody came', () => {
  const orders = plans.flatMap(ordersOf)
  expect(orders.length).toBeGreaterThan(120)
  expect(orders.length).toBeLessThan(400)
  for (const { total, items } of orders) {
    expect(total).toBeGreaterThan(80)
    expect(total).toBeLessThan(4000)
    expect(items.length).toBeGreaterThan(0)
  }
  for (const person of people.slice(1))
    for (const deed of plans[person.index] ?? [])
      expect(deed.at, deed.id).toBeGreaterThan(minutesOf(person.joinDay, person.joinMinute))
  const ids = plans.flat().map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('the star bought eight times, 19 days apart, and has been away for a month', () => {
  const mine = plans[0] ?? []
  const bought = ordersOf(mine).map(({ at }) => at / 1440)
  const gaps = bought.slice(1).map((at, i) => at - (bought[i] ?? at))
  expect(bought.length).toBe(8)
  expect(gaps.toSorted((a, b) => a - b)[3]).toBeCloseTo(19, 0)
  const seen = Math.max(...mine.filter(({ kind }) => kind !== 'note' && kind !== 'tag').map(({ at }) => at / 1440))
  expect(days - seen).toBeGreaterThan(31)
  expect(days - seen).toBeLessThan(33)
})

test('a recall brings some back, always the same ones', () => {
  const back = people.filter((person) => comebackOf(person, 7, 60, days).some(({ kind }) => kind === 'order'))
  expect(back.length).toBeGreaterThan(10)
  expect(back.length).toBeLessThan(50)
  for (const person of back) expect(comebackOf(person, 7, 60, days)).toEqual(comebackOf(person, 7, 60, days))
})

test('waiting times have the mean asked for', () => {
  const chance = chanceOf('gamma')
  const drawn = Array.from({ length: 4000 }, () => chance.gamma(19, 8))
  expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(19, 0)
})
