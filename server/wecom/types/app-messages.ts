import type { AppMessage } from '@zhiyin/shared/app-message'
import type { Card } from '@zhiyin/shared/card'

/** A message of the app with its files by their media_id. */
export type AppWire =
  | Extract<AppMessage, { kind: 'text' | 'markdown' | 'textcard' | 'news' | 'card' }>
  | { readonly kind: 'image' | 'file' | 'voice'; readonly mediaId: string }
  | {
      readonly kind: 'video'
      readonly mediaId: string
      readonly title?: string | undefined
      readonly description?: string | undefined
    }

/** What WeCom took: one message per 1000 members. The code updates an interactive card, once and within 72 h. */
export type AppSent = { readonly msgid: string; readonly responseCode: string | null }

export type AppMessagesWrite = {
  /**
   * To any number of members; WeCom drops an identical message within 30 minutes, so an ambiguous call may be repeated, with the same
   * members in the same order, within that time. `invalid`: those outside the app's range, spelled as asked.
   */
  sendAppMessage: (message: {
    userids: readonly string[]
    message: AppWire
  }) => Promise<{ sent: AppSent[]; invalid: string[] }>
  /** A code that was used or is too old is `refused` with 60140. */
  updateCard: (update: { userids: readonly string[]; code: string; card: Card }) => Promise<void>
  /** Within 24 h, else `refused` with 42052. Safe to repeat. */
  recallAppMessage: (msgid: string) => Promise<void>
}
