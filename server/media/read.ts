export type { MediaIdFor, Purpose, Use } from './uploads.ts'
export type { Media } from './media.ts'
