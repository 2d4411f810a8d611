/** Ways to send data in, each a text that runs as it is once the key stands in it. */
export const ways = ['curl', 'node', 'browser'] as const
export type Way = (typeof ways)[number]

const order = `{
  "userId": "u-1001",
  "event": "Order Completed",
  "properties": {
    "order_id": "SO-1", "total": 199, "currency": "CNY",
    "products": [{ "name": "舒缓精华", "category": "护肤", "price": 199, "quantity": 1 }]
  },
  "context": { "traits": { "phone": "13900000000" } }
}`

const examples: Readonly<Record<Way, (url: string, key: string) => string>> = {
  curl: (url, key) =>
    [`curl ${url}/v1/track -u '${key}:'`, `-H 'content-type: application/json'`, `-d '${order}'`].join(' \\\n  '),
  node: (url, key) => `import { Analytics } from '@segment/analytics-node'

const analytics = new Analytics({ writeKey: '${key}', host: '${url}' })
analytics.identify({ userId: 'u-1001', traits: { name: '陈琳', phone: '13900000000' } })
analytics.track({
  userId: 'u-1001',
  event: 'Order Completed',
  properties: { order_id: 'SO-1', total: 199, currency: 'CNY' },
})
await analytics.closeAndFlush()`,
  browser: (url, key) => `fetch('${url}/v1/page', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    writeKey: '${key}',
    messageId: crypto.randomUUID(),
    userId: 'u-1001',
    name: '商品详情',
    properties: { url: location.href, category: '护肤' },
  }),
})`,
}

export const exampleOf = (way: Way, url: string, key: string | undefined): string =>
  examples[way](url, key ?? 'WRITE_KEY')
