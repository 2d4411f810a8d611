import { z } from 'zod'
import { Folder } from '../content.ts'
import { endpoint, FileOut, IdParams, none, Ok, Page, pageOf } from './endpoint.ts'

export const mediaKinds = ['image', 'voice', 'video', 'file'] as const
export const MediaKind = z.enum(mediaKinds)
export type MediaKind = z.infer<typeof MediaKind>

const MB = 1024 * 1024

/** What WeCom takes of each kind (素材): bytes, seconds, endings of the file name. */
export const mediaLimits = {
  image: { bytes: 10 * MB, seconds: null, endings: ['.jpg', '.jpeg', '.png'] },
  voice: { bytes: 2 * MB, seconds: 60, endings: ['.amr'] },
  video: { bytes: 10 * MB, seconds: null, endings: ['.mp4'] },
  file: { bytes: 20 * MB, seconds: null, endings: [] },
} as const satisfies Record<MediaKind, { bytes: number; seconds: number | null; endings: readonly string[] }>

/** A file of the library. The original is kept for ever; what WeCom has of it lives 3 days and is renewed. */
export const Asset = z.object({
  id: z.string(),
  kind: MediaKind,
  name: z.string(),
  /** '' is none. */
  folder: z.string(),
  mime: z.string(),
  size: z.int(),
  /** Voice only. */
  seconds: z.number().nullable(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  /** Until when WeCom has it for messages; null: not now. */
  readyUntil: z.iso.datetime().nullable(),
  /** Why the last try to put it into WeCom failed, in WeCom's words. */
  problem: z.string().nullable(),
})
export type Asset = z.infer<typeof Asset>

const FileName = z.string().trim().min(1).max(200)

export const media = {
  list: endpoint({
    method: 'GET',
    path: '/api/media',
    permission: 'rep',
    summary: 'Files of the media library, newest first',
    params: none,
    query: Page.extend({
      kind: MediaKind.optional(),
      folder: Folder.optional(),
      q: z.string().trim().max(60).optional(),
    }),
    body: none,
    output: pageOf(Asset),
  }),
  upload: endpoint({
    method: 'POST',
    path: '/api/media',
    permission: 'manager',
    summary: 'Put a file into the media library; its bytes are the body',
    params: none,
    query: z.object({ kind: MediaKind, name: FileName, folder: Folder.optional() }),
    body: none,
    output: Asset,
    upload: mediaLimits.file.bytes,
  }),
  remove: endpoint({
    method: 'DELETE',
    path: '/api/media/:id',
    permission: 'manager',
    summary: 'Delete a file that no content uses',
    params: IdParams,
    query: none,
    body: none,
    output: Ok,
  }),
  folders: endpoint({
    method: 'GET',
    path: '/api/media-folders',
    permission: 'rep',
    summary: 'Folders of the media library with the number of files in each',
    params: none,
    query: z.object({ kind: MediaKind.optional() }),
    body: none,
    output: z.object({ items: z.array(z.object({ folder: z.string(), files: z.int() })) }),
  }),
  move: endpoint({
    method: 'PUT',
    path: '/api/media/:id/folder',
    permission: 'manager',
    summary: 'Put a file into a folder',
    params: IdParams,
    query: none,
    body: z.object({ folder: Folder }),
    output: Asset,
  }),
  file: endpoint({
    method: 'GET',
    path: '/api/media/:id/file',
    permission: 'rep',
    summary: 'The file itself',
    params: IdParams,
    query: none,
    body: none,
    output: FileOut,
    download: true,
  }),
  picture: endpoint({
    method: 'POST',
    path: '/api/media/:id/picture',
    permission: 'manager',
    summary: 'A lasting address of a picture (at most 2 MB), for cards',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ url: z.url() }),
  }),
  /** sendChatMessage wants a mediaid. */
  forChat: endpoint({
    method: 'POST',
    path: '/api/media/:id/chat',
    permission: 'rep',
    summary: 'The id under which WeCom has the file now, to send it from the sidebar',
    params: IdParams,
    query: none,
    body: none,
    output: z.object({ mediaId: z.string() }),
  }),
}
