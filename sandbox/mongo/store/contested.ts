/**
 * The keys of a unique index being built that more than one document has. MongoDB too lets them be until the build ends: whoever is
 * changed or deleted by then does no harm.
 */
export class Contested {
  private readonly keys = new Map<string, { key: Buffer; owners: Map<string, Buffer> }>()

  /** Notes that the document `idKey` has a key that `owner` has too. */
  add(key: Buffer, owner: Buffer, idKey: Buffer): void {
    const text = key.toString('latin1')
    const { owners } = this.keys.get(text) ?? { owners: new Map<string, Buffer>() }
    for (const one of [owner, idKey]) owners.set(one.toString('latin1'), one)
    this.keys.set(text, { key, owners })
  }

  /** Notes that a document has a key no more; gives another that still has it. */
  remove(key: Buffer, idKey: Buffer): Buffer | undefined {
    const text = key.toString('latin1')
    const owners = this.keys.get(text)?.owners
    if (owners === undefined) return undefined
    owners.delete(idKey.toString('latin1'))
    if (owners.size < 2) this.keys.delete(text)
    const [heir] = owners.values()
    return heir
  }

  /** A key that several documents have now, and one of them. */
  get first(): { key: Buffer; owner: Buffer | undefined } | undefined {
    const [found] = this.keys.values()
    if (found === undefined) return undefined
    const [owner] = found.owners.values()
    return { key: found.key, owner }
  }
}
