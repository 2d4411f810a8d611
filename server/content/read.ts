export type { ContentItem } from './item.ts'
export { addressName, politeName, varsOf, type Vars } from './vars.ts'
export { byteLength, cutBytes } from './bytes.ts'
