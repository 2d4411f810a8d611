import { z } from 'zod'

const CallbackToken = z.string().regex(/^[A-Za-z0-9]{1,32}$/, '1 to 32 letters and digits')
const AesKey = z.string().regex(/^[A-Za-z0-9]{43}$/, '43 letters and digits')

/** How to start the stand-in; everything has a default that suits a trial. */
export const WecomOptions = z.object({
  /** 0 takes any free port. */
  port: z.int().min(0).max(65535).default(0),
  host: z.string().default('127.0.0.1'),
  /** Folder for the state; null keeps it in memory only. */
  data: z.string().nullable().default(null),
  corpId: z.string().default('ww0000000000000001'),
  contactSecret: z.string().default('sandbox-contact-secret'),
  agentId: z
    .string()
    .regex(/^\d{1,10}$/, 'a number')
    .default('1000002'),
  agentSecret: z.string().default('sandbox-agent-secret'),
  /** The secret of 通讯录同步 (address book). */
  syncSecret: z.string().default('sandbox-sync-secret'),
  token: CallbackToken.default('sandboxToken'),
  aesKey: AesKey.default('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'),
  /** Port of the webview proxy, 0 any, null off. */
  webviewPort: z.int().min(0).max(65535).nullable().default(null),
  /** The product's own address, which the webview proxy shows. */
  upstream: z.url().default('http://127.0.0.1:3000'),
  /** Folder of the built chat page, null for none. */
  page: z.string().nullable().default(null),
  /** The corp's AI bot (智能机器人). */
  botId: z.string().default('aib-sandbox'),
  botToken: CallbackToken.default('sandboxBotToken'),
  botAesKey: AesKey.default('GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcba'),
  /** Real ms before the second and third attempt of a callback; the platform does not say how long it waits. */
  retryMs: z.array(z.int().min(0)).length(2).default([1000, 3000]),
  /** Real ms a callback may take (WeCom: 5 s). */
  callbackTimeoutMs: z.int().default(5000),
  /** Real ms the verification of a callback URL may take (WeCom: about 1 s; more here, for slow machines). */
  verifyTimeoutMs: z.int().default(3000),
  /** Mass messages a customer or group may get per day. */
  massPerDay: z.int().min(1).default(1),
})
export type WecomOptions = z.output<typeof WecomOptions>
export type WecomOptionsInput = z.input<typeof WecomOptions>
