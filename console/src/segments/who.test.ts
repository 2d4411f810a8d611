import { expect, it } from 'vitest'
import { namedIn } from './who.ts'

it('reads a name from each line, of a table the first column without its heading', () => {
  expect(namedIn('\ufeff手机,姓名\r\n13800138000,王敏\r\n"13900139000",李娜\r\n\r\n13800138000,王敏\r\n')).toEqual([
    '13800138000',
    '13900139000',
  ])
  expect(namedIn('cus_1\n wm_2 \n')).toEqual(['cus_1', 'wm_2'])
})
