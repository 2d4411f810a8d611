import { Attachment, attachmentLimits } from '@zhiyin/shared/content'
import type { Asset } from '@zhiyin/shared/api/media'

export const attachmentKinds = ['link', 'image', 'miniprogram', 'video', 'file'] as const
export type AttachmentKind = (typeof attachmentKinds)[number]
export const maxAttachments = attachmentLimits.count

/** The kind of file an attachment carries; a mini-program's is its cover. */
export const kindOf = ({ type }: Exclude<Attachment, { type: 'link' }>): 'image' | 'video' | 'file' =>
  type === 'miniprogram' ? 'image' : type

export const blankLink = (): Attachment => ({ type: 'link', title: '', url: 'https://' })

/** A new attachment around a chosen file. */
export const withAsset = (
  kind: Exclude<AttachmentKind, 'link'>,
  { id, name }: Pick<Asset, 'id' | 'name'>,
): Attachment => {
  const asset = { assetId: id, name }
  if (kind === 'miniprogram') return { type: kind, title: '', appid: '', page: '', ...asset }
  return kind === 'image' ? { type: kind, ...asset } : { type: kind, ...asset }
}

/** Whether everything is there that WeCom asks for, within its sizes. */
export const isComplete = (attachment: Attachment): boolean => Attachment.safeParse(attachment).success
