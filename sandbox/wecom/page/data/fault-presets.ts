import type { FaultWish } from './control.ts'
import type { WordKey } from './words.ts'

const MINUTE_MS = 60_000

/** Where a fault works: an API, or all of them. */
export const faultTargets = [
  { path: '', label: 'targetAll' },
  { path: '/cgi-bin/externalcontact/add_msg_template', label: 'targetMass' },
  { path: '/cgi-bin/externalcontact/send_welcome_msg', label: 'targetWelcome' },
  { path: '/cgi-bin/message/send', label: 'targetApp' },
  { path: '/cgi-bin/webhook/send', label: 'targetRobot' },
  { path: '/cgi-bin/externalcontact/get', label: 'targetCustomer' },
  { path: '/cgi-bin/externalcontact/mark_tag', label: 'targetTag' },
  { path: '/cgi-bin/gettoken', label: 'targetToken' },
] as const satisfies readonly { path: string; label: WordKey }[]

interface Preset {
  id: string
  title: WordKey
  /** What will happen, in one sentence. */
  hint: WordKey
  fault: Omit<FaultWish, 'path'>
}

/** What goes wrong with the platform in real life, each with one press. */
export const faultPresets: readonly Preset[] = [
  { id: 'busy', title: 'faultBusy', hint: 'faultBusyHint', fault: { kind: 'rate_limit', ms: MINUTE_MS } },
  { id: 'hang', title: 'faultHang', hint: 'faultHangHint', fault: { kind: 'hang', times: 1 } },
  { id: 'cut', title: 'faultCut', hint: 'faultCutHint', fault: { kind: 'cut_after', times: 1 } },
  { id: 'token', title: 'faultToken', hint: 'faultTokenHint', fault: { kind: 'token_revoked', times: 1 } },
  { id: 'quota', title: 'faultQuota', hint: 'faultQuotaHint', fault: { kind: 'quota_used' } },
  { id: 'ip', title: 'faultIp', hint: 'faultIpHint', fault: { kind: 'ip_refused' } },
  { id: '5xx', title: 'fault5xx', hint: 'fault5xxHint', fault: { kind: 'http_5xx', times: 3 } },
  { id: 'slow', title: 'faultSlow', hint: 'faultSlowHint', fault: { kind: 'slow', ms: 3_000, forMs: MINUTE_MS } },
]
