import { closeSync, existsSync, fstatSync, openSync, readSync, writeSync } from 'node:fs'

/** What is known of somebody who has come. */
export type Known = {
  readonly external: string
  readonly joined: boolean
  readonly deleted: boolean
  readonly grouped: boolean
}

/** Who has come, by index; kept in a file of fixed records, so that a million people take no memory and a change costs one write. */
export type Cast = {
  get(index: number): Known | undefined
  set(index: number, known: Known): void
  /** The index of an external_userid. */
  find(external: string): number | undefined
  readonly joined: number
  close(): void
}

const size = 64
const [joined, deleted, grouped] = [1, 2, 4]

const encode = (known: Known): Buffer => {
  if (Buffer.byteLength(known.external) > size - 1) throw new RangeError(`too long an id: ${known.external}`)
  const record = Buffer.alloc(size)
  record[0] = (known.joined ? joined : 0) + (known.deleted ? deleted : 0) + (known.grouped ? grouped : 0)
  record.write(known.external, 1)
  return record
}

const decode = (record: Buffer): Known | undefined => {
  const end = record.indexOf(0, 1)
  const external = record.toString('utf8', 1, end === -1 ? size : end)
  if (external === '') return undefined
  const flags = record[0] ?? 0
  const has = (flag: number): boolean => (flags & flag) !== 0
  return { external, joined: has(joined), deleted: has(deleted), grouped: has(grouped) }
}

export const openCast = (file: string): Cast => {
  const fd = openSync(file, existsSync(file) ? 'r+' : 'w+')
  const get = (index: number): Known | undefined => {
    const record = Buffer.alloc(size)
    return readSync(fd, record, 0, size, index * size) === size ? decode(record) : undefined
  }
  let come = 0
  const byExternal = new Map<string, number>()
  let indexed = false
  const all = Math.floor(fstatSync(fd).size / size)
  for (let index = 0; index < all; index += 1) if (get(index)?.joined === true) come += 1
  return {
    get,
    set(index, known) {
      const before = get(index)
      writeSync(fd, encode(known), 0, size, index * size)
      if (known.joined && before?.joined !== true) come += 1
      if (indexed) byExternal.set(known.external, index)
    },
    find(external) {
      if (!indexed) {
        indexed = true
        const records = Math.floor(fstatSync(fd).size / size)
        for (let index = 0; index < records; index += 1) {
          const known = get(index)
          if (known !== undefined) byExternal.set(known.external, index)
        }
      }
      return byExternal.get(external)
    },
    get joined() {
      return come
    },
    close: () => closeSync(fd),
  }
}
