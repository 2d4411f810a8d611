import { expect, test } from 'vitest'
import { faultsOf, targetKey, type ImportKind } from '@zhiyin/shared/import'
import { guess, signatureOf } from './guess.ts'

const keys = (kind: ImportKind, ...columns: string[]): string[] =>
  guess(kind, columns, [{ key: 'skin', name: '肤质', nameEn: 'Skin type', form: 'text' }]).columns.map(targetKey)

test('columns are known by their names in both languages, whatever the frills', () => {
  expect(
    keys('customers', '会员卡号', '客户姓名', '手机号码*', 'E-mail', '所在城市', '出生日期(必填)', '客户标签', '肤质'),
  ).toEqual([
    'identity:crm_id',
    'trait:name',
    'identity:phone',
    'identity:email',
    'trait:region',
    'trait:birthday',
    'tags',
    'trait:skin',
  ])
  expect(keys('customers', 'Customer ID', 'Full Name', 'Mobile', 'Skin Type', 'Updated At', 'Whatever')).toEqual([
    'identity:user_id',
    'trait:name',
    'identity:phone',
    'trait:skin',
    'as_of',
    'skip',
  ])
  expect(
    keys('orders', '订单编号', '买家手机', '订单付款时间', '买家实付金额（元）', '宝贝标题', '商品数量', '退款金额'),
  ).toEqual([
    'order:id',
    'identity:phone',
    'order:time',
    'order:amount',
    'order:product',
    'order:quantity',
    'order:refund',
  ])
  expect(
    keys(
      'orders',
      'InvoiceNo',
      'StockCode',
      'Description',
      'Quantity',
      'InvoiceDate',
      'UnitPrice',
      'CustomerID',
      'Country',
    ),
  ).toEqual([
    'order:id',
    'order:product_id',
    'order:product',
    'order:quantity',
    'order:time',
    'order:price',
    'identity:user_id',
    'skip',
  ])
})

test('nothing is taken twice, and a column of reasons is nobody’s', () => {
  expect(keys('customers', '手机', '电话', '退回原因', 'Why it was not taken')).toEqual([
    'identity:phone',
    'skip',
    'skip',
    'skip',
  ])
  expect(signatureOf('customers', ['退回原因', '手机'])).toBe(signatureOf('customers', ['手机']))
  expect(signatureOf('customers', ['手机'])).not.toBe(signatureOf('orders', ['手机']))
})

test('what keeps a mapping from being used', () => {
  const faults = (kind: ImportKind, ...columns: string[]) => faultsOf(kind, guess(kind, columns, []))
  expect(faults('customers', '手机', '姓名')).toEqual([])
  expect(faults('customers', '姓名')).toEqual(['no_identity'])
  expect(faults('orders', '手机')).toEqual(['no_time', 'no_amount'])
  expect(faults('orders', '手机', '时间', '单价')).toEqual([])
})
