import type { ImportKind, Mapping } from '@zhiyin/shared/import'
import type { Lang } from '@zhiyin/shared/text'
import type { Audit } from '../audit/audit.ts'
import { ownerOf, shownTo, type Imports, type ImportRecord } from '../imports/imports.ts'
import type { SignedIn } from '../platform/actor.ts'

type Deps = { imports: Imports; audit: Audit }
type Act = (actor: SignedIn, id: string) => Promise<ImportRecord>

/** A manager brings a CSV file in: announces it, starts, pauses, goes on, cancels, takes the rejected rows away. */
export const runImport = ({ imports, audit }: Deps) => {
  const noted = async (actor: SignedIn, act: string, doc: ImportRecord): Promise<ImportRecord> => {
    const { _id, kind, name, size, counts } = doc
    await audit.record({ actor, act, subject: `import:${_id}`, detail: { kind, name, size, ...counts } })
    return doc
  }
  const act =
    (name: 'pause' | 'resume' | 'cancel'): Act =>
    async (actor, id) =>
      noted(actor, `import.${name}`, await imports[name](ownerOf(actor), id))

  return {
    create: async (actor: SignedIn, file: { kind: ImportKind; name: string; size: number }): Promise<ImportRecord> =>
      noted(actor, 'import.create', await imports.create(ownerOf(actor), file)),
    start: async (actor: SignedIn, id: string, mapping: Mapping): Promise<ImportRecord> =>
      noted(actor, 'import.start', await imports.start(ownerOf(actor), id, mapping)),
    pause: act('pause'),
    resume: act('resume'),
    cancel: act('cancel'),
    /** The rejected rows as a file. */
    download: async (
      actor: SignedIn,
      id: string,
      lang: Lang,
    ): Promise<{ name: string; bytes: AsyncIterable<Uint8Array> }> => {
      const doc = await noted(actor, 'import.download', await imports.get(ownerOf(actor), id))
      const base = doc.name.replace(/\.[^.]*$/, '')
      return {
        name: `${base}-${lang === 'zh' ? '退回' : 'rejected'}.csv`,
        bytes: imports.rejects.csv(doc, lang, shownTo(ownerOf(actor), doc)),
      }
    },
  }
}
