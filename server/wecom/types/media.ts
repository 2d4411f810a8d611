import type { MediaKind } from '@zhiyin/shared/api/media'

/** A file to upload; WeCom reads its kind from the ending of its name. */
export type WireFile = { readonly name: string; readonly mime: string; readonly bytes: Uint8Array }

/** A message as WeCom takes it: text with the variables filled in, at most 9 attachments, files by their media_id. */
export type MessageBody = { readonly text: string; readonly attachments: readonly MessageAttachment[] }

export type MessageAttachment =
  | {
      readonly type: 'link'
      readonly title: string
      readonly url: string
      readonly desc?: string
      readonly picurl?: string
    }
  | { readonly type: 'image'; readonly picUrl: string }
  | { readonly type: 'image'; readonly mediaId: string }
  | {
      readonly type: 'miniprogram'
      readonly title: string
      readonly appid: string
      readonly page: string
      readonly picMediaId: string
    }
  | { readonly type: 'video' | 'file'; readonly mediaId: string }

/** How a file is put into WeCom. All may be repeated; each answers a new id, good for 3 days, or an address, good for ever. */
export type WecomMedia = {
  /** For messages to customers, groups and members; good for every app of the corp. */
  uploadMedia: (kind: MediaKind, file: WireFile) => Promise<string>
  /** For moments or product albums, and for nothing else (41072). */
  uploadAttachment: (kind: Exclude<MediaKind, 'voice'>, scene: 'moment' | 'album', file: WireFile) => Promise<string>
  /** A picture's address; at most 2 MB, 1000 a day, 3000 a month. */
  uploadPicture: (file: WireFile) => Promise<string>
  /** For robots of the corp, through one of them. */
  uploadForRobot: (webhook: string, kind: 'file' | 'voice', file: WireFile) => Promise<string>
}
