import { describe, expect, it } from 'vitest'
import { createNaming } from './naming.ts'

const { masked } = createNaming({
  customerId: 'cus_01ABCDEF',
  ids: ['cus_01ABCDEF'],
  keys: ['phone:~hash-of-phone', 'user_id:2026', 'crm:K-2026-0117', 'external_userid:wm_abcdef'],
  externalUserIds: ['wm_abcdef'],
  contacts: ['+8613900001111', 'lin.xiaowen@example.com', '11010519491231002X'],
  userids: ['lina'],
  names: ['欧阳晓雯', '阿雯', 'Lin Wen', 'Li'],
  indexes: [],
})

describe('what is theirs alone', () => {
  it.each([
    ['电 13900001111 找', '电 **** 找'],
    ['电 139 0000 1111', '电 ****'],
    ['+86-139-0000-1111!', '****!'],
    ['Lin.Xiaowen@Example.com', '****'],
    ['证件 11010519491231002x', '证件 ****'],
    ['wm_abcdef / cus_01ABCDEF / K-2026-0117', '**** / **** / ****'],
  ])('is masked: %s', (text, without) => {
    expect(masked(text, false)).toBe(without)
  })

  it.each([
    '订单 2139000011112',
    '139000011112',
    '2026 年上新',
    'xlin.xiaowen@example.community',
    'wm_abcdefg',
    '欧阳晓雯说：好用',
    '',
  ])('is not found in %s', (text) => {
    expect(masked(text, false)).toBe(text)
  })
})

it('names are masked with the rest where that is asked for; short words in letters are left', () => {
  expect(masked('欧阳晓雯（阿雯，139 0000 1111）与 lin wen', true)).toBe('****（****，****）与 ****')
  expect(masked('Li, Linwenna, Lin Wenna', true)).toBe('Li, Linwenna, Lin Wenna')
})

it('somebody of whom nothing is known is named nowhere', () => {
  const nobody = createNaming({ customerId: '', ids: [''], keys: [], externalUserIds: [], contacts: [], userids: [], names: [], indexes: [] }) // prettier-ignore
  expect(nobody.masked('谁也不是', true)).toBe('谁也不是')
})
