export type { ContentItem } from './item.ts'
export { addressName, varsOf, type Vars } from './vars.ts'
