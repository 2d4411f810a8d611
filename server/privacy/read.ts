export type { Looking } from './look.ts'
export type { Privacy } from './room.ts'
export type { Exports } from './export.ts'
