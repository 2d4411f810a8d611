import { ElMessage } from '../element/message.ts'

/** A short word that something went through; failures stand on the page instead. */
export const done = (message: string): void => {
  ElMessage({ message, type: 'success', duration: 2200, grouping: true })
}
