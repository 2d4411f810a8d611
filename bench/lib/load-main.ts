import { randomBytes } from 'node:crypto'
import { encrypt, getSignature } from '@wecom/crypto'
import { fire, prepare } from './http-load.ts'
import { LoadJob } from './load-process.ts'

const eventXml = (corpId: string, series: string, index: number, now: number): string =>
  `<xml><ToUserName><![CDATA[${corpId}]]></ToUserName><FromUserName><![CDATA[sys]]></FromUserName><CreateTime>${now}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[change_external_contact]]></Event><ChangeType><![CDATA[add_external_contact]]></ChangeType><UserID><![CDATA[rep${index % 20}]]></UserID><ExternalUserID><![CDATA[wm${series}${String(index).padStart(24, '0')}]]></ExternalUserID><State><![CDATA[store_07]]></State></xml>`

/** A signed, encrypted callback as WeCom sends it. */
const requestOf = (job: LoadJob, index: number): Buffer => {
  const encrypted = encrypt(job.aesKey, eventXml(job.corpId, job.series, index, job.now), job.corpId)
  const timestamp = String(job.now)
  const nonce = randomBytes(6).toString('hex')
  const signature = getSignature(job.token, timestamp, nonce, encrypted)
  const body = `<xml><ToUserName><![CDATA[${job.corpId}]]></ToUserName><AgentID><![CDATA[]]></AgentID><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`
  return prepare('127.0.0.1', `${job.path}?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}`, body)
}

process.once('message', (message) => {
  const job = LoadJob.parse(message)
  const requests = Array.from({ length: job.count }, (_each, index) => requestOf(job, index))
  void fire(job.port, requests, job.connections, job.perSecond).then((result) => process.send?.(result))
})
