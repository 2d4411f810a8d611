import type { Vocabularies } from './vocabulary.ts'

/** Journeys: what they listen to and where somebody stands in them. */
export const rulesLabels = {
  rule: {
    draft: { zh: '草稿', en: 'Draft' },
    on: { zh: '启用', en: 'On' },
    paused: { zh: '暂停', en: 'Paused' },
  },
  run: {
    active: { zh: '进行中', en: 'Running' },
    waiting: { zh: '等待中', en: 'Waiting' },
    goal: { zh: '达成目标', en: 'Goal met' },
    exited: { zh: '提前离开', en: 'Left early' },
    finished: { zh: '走完', en: 'Finished' },
    held_out: { zh: '对照组', en: 'Holdout' },
  },
  /** By what one welcome rule beats the next. */
  greeter: {
    channel: { zh: '指定了渠道', en: 'it names the channel' },
    rep: { zh: '指定了顾问', en: 'it names the rep' },
    who: { zh: '限定了新老客户', en: 'it says new or known customers' },
    hours: { zh: '限定了时段', en: 'it has its hours' },
    condition: { zh: '有客户条件', en: 'it has a condition' },
    latest: { zh: '最后修改', en: 'it was changed last' },
  },
  condition: {
    level: { zh: '分层等级', en: 'level' },
    attribute: { zh: '属性', en: 'attribute' },
    event: { zh: '行为次数', en: 'events' },
    sequence: { zh: '行为先后', en: 'sequence' },
    group: { zh: '所在群', en: 'group' },
    segment: { zh: '人群', en: 'segment' },
  },
  /** What an event is asked for; of a behaviour its properties by their own names. */
  eventField: {
    amount: { zh: '金额', en: 'amount' },
    currency: { zh: '币种', en: 'currency' },
    category: { zh: '品类', en: 'category' },
    brand: { zh: '品牌', en: 'brand' },
    product: { zh: '商品', en: 'product' },
    url: { zh: '链接', en: 'link' },
    contentId: { zh: '内容', en: 'content' },
    chatId: { zh: '群', en: 'group' },
  },
  fact: {
    'order.completed': { zh: '下单', en: 'Bought' },
    'order.refunded': { zh: '退款', en: 'Refunded' },
    'order.cancelled': { zh: '取消订单', en: 'Cancelled an order' },
    'link.opened': { zh: '打开链接', en: 'Opened a link' },
    'customer.replied': { zh: '客户回复', en: 'Answered' },
    'contact.deleted_by_customer': { zh: '客户删除顾问', en: 'Deleted the rep' },
    'group.joined': { zh: '入群', en: 'Joined a group' },
    'group.left': { zh: '退群', en: 'Left a group' },
    'contact.added': { zh: '被添加', en: 'Was added' },
    'behavior.tracked': { zh: '任意行为', en: 'Did anything' },
    // Behaviours as shops and mini programs send them: the common names of the Segment spec.
    'Product Viewed': { zh: '看了商品', en: 'Viewed a product' },
    'Product List Viewed': { zh: '逛了商品列表', en: 'Browsed a product list' },
    'Products Searched': { zh: '搜索了商品', en: 'Searched for products' },
    'Product Added': { zh: '加入购物车', en: 'Added to the cart' },
    'Product Removed': { zh: '移出购物车', en: 'Removed from the cart' },
    'Cart Viewed': { zh: '看了购物车', en: 'Viewed the cart' },
    'Checkout Started': { zh: '开始结算', en: 'Started the checkout' },
    'Product Added to Wishlist': { zh: '收藏了商品', en: 'Added to the wish list' },
    'Coupon Applied': { zh: '用了优惠券', en: 'Used a coupon' },
    'Article Opened': { zh: '打开了文章', en: 'Opened an article' },
    'Link Clicked': { zh: '点开了链接', en: 'Opened a link' },
    'Page Viewed': { zh: '浏览了页面', en: 'Viewed a page' },
    'Mini Program Opened': { zh: '打开了小程序', en: 'Opened the mini program' },
    'Form Submitted': { zh: '提交了表单', en: 'Submitted a form' },
  },
} as const satisfies Vocabularies
