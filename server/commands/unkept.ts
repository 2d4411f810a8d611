/** A file as a stream: browsers may keep whole files that an id names, and this one they must not. */
export async function* unkept(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
