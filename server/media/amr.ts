/** "#!AMR\n" and "#!AMR-WB\n" (RFC 4867, section 5). */
const narrow = [0x23, 0x21, 0x41, 0x4d, 0x52, 0x0a]
const wide = [0x23, 0x21, 0x41, 0x4d, 0x52, 0x2d, 0x57, 0x42, 0x0a]
/** Bytes of speech after the header byte of a frame, by the frame's type. */
const narrowSizes = [12, 13, 15, 17, 19, 20, 26, 31, 5, 0, 0, 0, 0, 0, 0, 0]
const wideSizes = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5, 0, 0, 0, 0, 0, 0]
const frameMs = 20

const begins = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte)

/** How long an AMR file plays, by counting its frames of 20 ms; null when it is none. */
export const amrSeconds = (bytes: Uint8Array): number | null => {
  const [magic, sizes] = begins(bytes, wide) ? [wide, wideSizes] : [narrow, narrowSizes]
  if (!begins(bytes, magic)) return null
  let frames = 0
  for (let at = magic.length; at < bytes.length; frames += 1) {
    const type = ((bytes[at] ?? 0) >> 3) & 0x0f
    at += 1 + (sizes[type] ?? 0)
  }
  return (frames * frameMs) / 1000
}
