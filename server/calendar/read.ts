export type { Calendar } from './calendar.ts'
