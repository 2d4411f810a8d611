// @vitest-environment happy-dom
import { beforeEach, expect, it } from 'vitest'
import { loadCover, saveCover } from './cover.ts'

beforeEach(() => localStorage.clear())

it('keeps signature and picture, each until it is changed, per member', () => {
  expect(loadCover('lina')).toBeUndefined()
  saveCover('lina', { signature: '护肤顾问李娜', imgUrl: '' })
  saveCover('lina', { signature: '', imgUrl: 'https://a.example.com/1.png' })
  expect(loadCover('lina')).toEqual({ signature: '护肤顾问李娜', imgUrl: 'https://a.example.com/1.png' })
  expect(loadCover('wangmin')).toBeUndefined()
})
