/** A random name of 2 × `bytes` letters; works on plain http too, where `crypto.randomUUID` is missing. */
export const randomKey = (bytes = 16): string =>
  [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
