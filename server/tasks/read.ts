export type { TaskItem } from './item.ts'
export type { NewTask, Tasks } from './tasks.ts'
