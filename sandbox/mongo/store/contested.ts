import type { IndexKey } from './indexKeys.ts'

/**
 * The keys of a unique index being built that more than one document has. MongoDB too lets them be until the build ends: whoever is
 * changed or deleted by then does no harm.
 */
export class Contested {
  private readonly keys = new Map<string, { key: IndexKey; owners: Map<string, Buffer> }>()

  /** Notes that the document `idKey` has a key that `owner` has too. */
  add(key: IndexKey, owner: Buffer, idKey: Buffer): void {
    const { owners } = this.keys.get(key.text) ?? { owners: new Map<string, Buffer>() }
    for (const one of [owner, idKey]) owners.set(one.toString('latin1'), one)
    this.keys.set(key.text, { key, owners })
  }

  /** Notes that a document has a key no more; gives another that still has it. */
  remove(key: IndexKey, idKey: Buffer): Buffer | undefined {
    const owners = this.keys.get(key.text)?.owners
    if (owners === undefined) return undefined
    owners.delete(idKey.toString('latin1'))
    if (owners.size < 2) this.keys.delete(key.text)
    const [heir] = owners.values()
    return heir
  }

  /** A key that several documents have now. */
  get first(): IndexKey | undefined {
    const [found] = this.keys.values()
    return found?.key
  }
}
