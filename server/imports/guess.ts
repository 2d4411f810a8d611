import { createHash } from 'node:crypto'
import { companyCurrency } from '@zhiyin/shared/money'
import { targetKey, type ImportKind, type Mapping, type Target } from '@zhiyin/shared/import'
import { halfWidth } from '../cleaning/text.ts'

const names = (target: Target, list: string): [string, Target][] => list.split(' ').map((name) => [name, target])

const identities: readonly [string, Target][] = [
  ...names(
    { to: 'identity', kind: 'crm_id' },
    '客户编号 客户id 客户号 会员号 会员编号 会员卡号 会员id customernumber customerno memberno membernumber memberid crmid crmnumber 编号',
  ),
  ...names(
    { to: 'identity', kind: 'user_id' },
    '用户id 用户编号 用户号 买家id 买家会员名 买家昵称 customerid customer userid buyerid clientid id',
  ),
  ...names(
    { to: 'identity', kind: 'phone' },
    '手机 手机号 手机号码 电话 电话号码 联系电话 联系方式 收货人手机 收货人手机号 收件人手机 买家手机 phone mobile tel telephone phonenumber mobilephone cellphone',
  ),
  ...names({ to: 'identity', kind: 'email' }, '邮箱 电子邮箱 电子邮件 邮件 email mail emailaddress'),
  ...names({ to: 'identity', kind: 'unionid' }, 'unionid 微信unionid'),
  ...names({ to: 'identity', kind: 'external_userid' }, 'externaluserid 外部联系人id 企微id 企业微信客户id'),
]

const ofKind: Readonly<Record<ImportKind, readonly [string, Target][]>> = {
  customers: [
    ...identities,
    ...names(
      { to: 'trait', key: 'name', form: 'name' },
      '姓名 名字 名称 昵称 客户姓名 客户名称 客户 会员姓名 name fullname customername nickname',
    ),
    ...names({ to: 'trait', key: 'gender', form: 'gender' }, '性别 gender sex'),
    ...names(
      { to: 'trait', key: 'birthday', form: 'birthday' },
      '生日 出生日期 出生年月日 birthday birthdate dateofbirth dob',
    ),
    ...names(
      { to: 'trait', key: 'region', form: 'region' },
      '地区 城市 省市 省市区 所在地 所在城市 所在地区 地址 行政区划 行政区划代码 region city area address location',
    ),
    ...names({ to: 'trait', key: 'company', form: 'name' }, '公司 公司名称 单位 企业 company companyname organization'),
    ...names({ to: 'tags' }, '标签 客户标签 tag tags labels'),
    ...names(
      { to: 'consent' },
      '营销同意 同意营销 营销授权 是否同意 是否同意营销 同意接收营销信息 consent marketingconsent optin subscribed',
    ),
    ...names(
      { to: 'as_of' },
      '更新时间 资料时间 最后更新 最后更新时间 修改时间 updatedat updated lastupdated asof modifiedat',
    ),
  ],
  orders: [
    ...identities,
    ...names(
      { to: 'order', field: 'id' },
      '订单号 订单编号 订单id 单号 交易号 交易单号 order orderid orderno ordernumber invoiceno invoice transactionid',
    ),
    ...names(
      { to: 'order', field: 'time' },
      '下单时间 订单时间 付款时间 支付时间 成交时间 创建时间 订单创建时间 订单付款时间 购买时间 日期 时间 下单日期 订单日期 购买日期 orderdate ordertime date time invoicedate purchasedate createdat paidat',
    ),
    ...names(
      { to: 'order', field: 'amount' },
      '订单金额 订单总额 总金额 总额 实付金额 实付 实收金额 支付金额 买家实付金额 买家实际支付金额 合计 amount total totalamount orderamount ordertotal revenue paid grandtotal',
    ),
    ...names(
      { to: 'order', field: 'line_amount' },
      '本行金额 行金额 小计 商品金额 商品小计 金额 subtotal lineamount linetotal itemtotal',
    ),
    ...names({ to: 'order', field: 'currency' }, '币种 货币 currency'),
    ...names(
      { to: 'order', field: 'product' },
      '商品 商品名称 商品名 产品 产品名称 宝贝标题 商品标题 品名 标题 product productname description item itemname title',
    ),
    ...names(
      { to: 'order', field: 'product_id' },
      '商品编号 商品id 商品编码 商家编码 货号 sku stockcode productid skuid itemid',
    ),
    ...names(
      { to: 'order', field: 'category' },
      '类目 分类 品类 商品类目 商品分类 category productcategory department',
    ),
    ...names({ to: 'order', field: 'quantity' }, '数量 商品数量 购买数量 件数 购买件数 quantity qty count units'),
    ...names({ to: 'order', field: 'price' }, '单价 价格 商品单价 售价 price unitprice itemprice'),
    ...names({ to: 'order', field: 'refund' }, '退款 退款金额 已退款 退款状态 是否退款 refund refunded refundamount'),
    ...names({ to: 'order', field: 'refund_time' }, '退款时间 退款日期 refundtime refunddate refundedat'),
  ],
}

const tables = { customers: new Map(ofKind.customers), orders: new Map(ofKind.orders) }

/** “订单金额(元)”, “Order ID *” and “order_id” are what they are without the frills. */
const bare = (header: string): string =>
  halfWidth(header)
    .toLowerCase()
    .replace(/[(（【[].*?[)）】\]]/g, '')
    .replace(/[\s_\-.:*#"'`]/g, '')

/** A column of reasons that a file of rejected rows has, in whatever language it was made. */
export const reasonHeaders = { zh: '退回原因', en: 'Why it was not taken' } as const
export const isReason = (header: string): boolean => Object.values(reasonHeaders).some((name) => name === header.trim())

/** What the columns seem to be, by their names in Chinese or English; each thing once. */
export const guess = (
  kind: ImportKind,
  columns: readonly string[],
  attributes: readonly { key: string; name: string; nameEn: string; form: Extract<Target, { to: 'trait' }>['form'] }[],
): Mapping => {
  const table = tables[kind]
  const defined = new Map(
    kind === 'orders'
      ? []
      : attributes.flatMap(({ key, name, nameEn, form }) =>
          [key, name, nameEn]
            .filter((each) => each !== '')
            .map((each) => [bare(each), { to: 'trait', key, form } as const] as const),
        ),
  )
  const taken = new Set<string>()
  const skip: Target = { to: 'skip' }
  const guessed = columns.map((header): Target => {
    const found = isReason(header) ? undefined : (table.get(bare(header)) ?? defined.get(bare(header)))
    if (found === undefined || taken.has(targetKey(found))) return skip
    taken.add(targetKey(found))
    return found
  })
  return { columns: guessed, currency: companyCurrency }
}

/** The same for files with the same columns, whatever reasons were added. */
export const signatureOf = (kind: ImportKind, columns: readonly string[]): string =>
  `${kind}:${createHash('sha256')
    .update(JSON.stringify(columns.filter((header) => !isReason(header))))
    .digest('base64url')}`
