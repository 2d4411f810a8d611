export type { ContentItem } from './item.ts'
export { addressName, groupVarsOf, varsOf, type Vars } from './vars.ts'
