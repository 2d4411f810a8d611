import type { WecomOptions } from '../options.ts'
import type { SettingsRow } from '../store/rows.ts'
import type { Address, Delivery } from './delivery.ts'
import type { Keys } from './envelope.ts'

/** What the app's receiver shares with the platform. */
export function appKeys(options: WecomOptions): Keys {
  return { token: options.token, aesKey: options.aesKey, corpId: options.corpId, agentId: options.agentId }
}

/** The same for the corp's own AI bot, whose receive id is empty. */
export function botKeys(options: WecomOptions): Keys {
  return { token: options.botToken, aesKey: options.botAesKey, corpId: '', agentId: '' }
}

/** Where a callback goes, in which form. */
export function addressOf(options: WecomOptions, settings: SettingsRow, to: Delivery['to']): Address {
  return to === 'app'
    ? { url: settings.callbackUrl, keys: appKeys(options), form: 'xml' }
    : { url: settings.botUrl, keys: botKeys(options), form: 'json' }
}
