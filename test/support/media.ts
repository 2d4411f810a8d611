/** Small files that are what they say, as far as WeCom and the library look. */

const bytesOf = (...parts: (string | readonly number[])[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part)))))

/** A PNG by its first bytes; `mark` makes it another one. */
export const pngFile = (mark = 0): Uint8Array<ArrayBuffer> =>
  bytesOf([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [mark, 1, 2, 3])

export const mp4File = (): Uint8Array<ArrayBuffer> => bytesOf([0, 0, 0, 0x18], 'ftypmp42', [0, 0, 0, 0])

/** An AMR of so many seconds: frames of 12.2 kbit/s, 32 bytes for 20 ms. */
export const amrFile = (seconds: number): Uint8Array<ArrayBuffer> =>
  bytesOf('#!AMR\n', Array.from({ length: seconds * 50 }, () => [0x3c, ...Array.from({ length: 31 }, () => 0)]).flat())

export const textFile = (text: string): Uint8Array<ArrayBuffer> => bytesOf(text)
