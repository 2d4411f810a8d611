import { z } from 'zod'
import type { SignatureClaim } from '../data/api.ts'

const text = z.union([z.string(), z.number()]).transform(String)

/** agentConfig: the application's signature. */
export const AgentConfig = z
  .object({
    corpid: z.string().min(1),
    agentid: text,
    timestamp: text,
    nonceStr: z.string().min(1),
    signature: z.string().min(1),
    jsApiList: z.array(z.string()).default([]),
  })
  .transform(({ jsApiList, corpid, agentid, ...rest }) => ({
    jsApiList,
    claim: (url: string): SignatureClaim => ({ kind: 'agentConfig', corpid, agentid, ...rest, url }),
  }))

/** preVerifyJSAPI: the company's signature. */
export const CorpConfig = z
  .object({
    verifyAppId: z.string().min(1),
    verifyJsApiList: z.array(z.string()).default([]),
    verifyTimestamp: text,
    verifyNonceStr: z.string().min(1),
    verifySignature: z.string().min(1),
  })
  .transform((params) => ({
    jsApiList: params.verifyJsApiList,
    claim: (url: string): SignatureClaim => ({
      kind: 'config',
      corpid: params.verifyAppId,
      agentid: '',
      timestamp: params.verifyTimestamp,
      nonceStr: params.verifyNonceStr,
      signature: params.verifySignature,
      url,
    }),
  }))
