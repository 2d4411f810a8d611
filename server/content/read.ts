export type { ContentItem } from './item.ts'
export { politeName, varsOf, type Vars } from './vars.ts'
export { byteLength, cutBytes } from './bytes.ts'
