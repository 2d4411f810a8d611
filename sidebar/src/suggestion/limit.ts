import { byteLength } from '@zhiyin/shared/bytes'
import { textLimit } from '@zhiyin/shared/content'

/** How many bytes of UTF-8 a text is longer than WeCom takes; 0: it fits. */
export const bytesOver = (text: string): number => Math.max(0, byteLength(text) - textLimit)
