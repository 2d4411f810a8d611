import Koa from 'koa'
import Router from 'koa-router'
import rawBody from 'raw-body'
import { createOpener } from '../../server/wecom/crypto.ts'
import { parseXml, textIn } from '../../server/wecom/xml.ts'

/** The baseline of the callback bench: a Koa route that verifies, decrypts and parses, and keeps nothing. */
const [port = '0', token = '', aesKey = '', corpId = ''] = process.argv.slice(2)
const open = createOpener({ tokens: [token], aesKeys: [aesKey], receiveId: corpId })
const router = new Router()
const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

router.post('/wecom/callback', async (ctx) => {
  const body = await rawBody(ctx.req, { limit: '1mb', encoding: 'utf8' })
  const encrypt = textIn(parseXml(body), 'Encrypt') ?? ''
  const { msg_signature, timestamp, nonce } = ctx.query
  const opened = open({
    signature: text(msg_signature),
    timestamp: text(timestamp),
    nonce: text(nonce),
    encrypted: encrypt,
  })
  if (!opened.ok || parseXml(opened.text).size === 0) ctx.throw(400)
  ctx.body = 'success'
})
new Koa().use(router.routes()).listen(Number(port), '127.0.0.1')
