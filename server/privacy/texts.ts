import type { Connection } from 'mongoose'
import type { Certificate } from '@zhiyin/shared/privacy'
import { createNaming, inTexts, type Naming } from './naming.ts'
import type { Holding, Person } from './types.ts'
import { written, type Written } from './written.ts'

type Mention = NonNullable<Certificate['named']>[number]

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !(value instanceof Date)

const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b)
const at = (value: unknown, path: string): unknown =>
  path.split('.').reduce((part: unknown, key) => (isPlain(part) ? Reflect.get(part, key) : undefined), value)

/** A field of a text: as it is, without what is theirs alone, and without their names too. */
type Said = { readonly field: string; readonly was: unknown; readonly own: unknown; readonly all: unknown }

/**
 * One person in what the company itself has written. What is theirs alone (a phone, an e-mail address, an id) is masked wherever it
 * stands. Others may be called as they are, so a name is masked in versions that nothing sends any more; a text in use is told of on the
 * certificate, a person of the company decides, and the version they replace loses the name too.
 */
export const createTexts = (connection: Connection) => {
  const docsOf = (name: string) => connection.collection<{ _id: string; whenOver?: object }>(name)

  /** The ids of the versions in use of everything versions are kept of. */
  const inUse = async ({ collection, inUse: paths }: NonNullable<Written['of']>): Promise<ReadonlySet<string>> => {
    const projection = Object.fromEntries(paths.map((path) => [path, 1]))
    const ids = new Set<string>()
    for await (const doc of docsOf(collection).find({}, { projection }))
      for (const path of paths) ids.add(`${doc._id}:${String(at(doc, path))}`)
    return ids
  }

  /** The texts of a kind that name them. `over`: a version that nothing sends any more. */
  async function* naming({ collection, fields, of }: Written, { masked }: Naming) {
    const used = of === undefined ? null : await inUse(of)
    const projection = Object.fromEntries([...fields, 'whenOver'].map((field) => [field, 1]))
    for await (const doc of docsOf(collection).find({}, { projection }).sort({ _id: 1 })) {
      const without = (value: unknown, all: boolean): unknown => inTexts(value, (text) => masked(text, all))
      const said = fields.map((field): Said => {
        const was: unknown = Reflect.get(doc, field)
        // Who was erased before stays masked in what it will say.
        return { field, was, own: without(was, false), all: without(at(doc.whenOver, field) ?? was, true) }
      })
      if (said.some(({ was }) => differ(was, without(was, true))))
        yield { _id: doc._id, over: used !== null && !used.has(doc._id), said }
    }
  }

  const mask = async ({ collection, of }: Written, _id: string, over: boolean, said: readonly Said[]) => {
    const changes = said.map(({ field, was, own, all }) => ({ field, was, now: over ? all : own }))
    const changed = changes.filter(({ was, now }) => differ(was, now))
    const later = over || of === undefined ? [] : said.filter(({ own, all }) => differ(own, all))
    const $set = {
      ...Object.fromEntries(changed.map(({ field, now }) => [field, now])),
      ...(later.length === 0 ? {} : { whenOver: Object.fromEntries(later.map(({ field, all }) => [field, all])) }),
    }
    if (Object.keys($set).length === 0) return 0
    // What somebody writes at the same moment stands; the second pass of an erasure looks at it.
    const same = Object.fromEntries(changed.map(({ field, was }) => [field, was]))
    await docsOf(collection).updateOne({ _id, ...same }, { $set })
    return changed.length > 0 ? 1 : 0
  }

  const holding: Holding = {
    room: 'texts',
    // What the company wrote is its own; what was sent to them stands in their copy.
    collect: async () => ({}),
    async forget(person) {
      const known = createNaming(person)
      let masked = 0
      for (const kind of written)
        if (kind.byHand !== true)
          for await (const { _id, over, said } of naming(kind, known)) masked += await mask(kind, _id, over, said)
      // Every process reads the rules again.
      if (masked > 0) await docsOf('rulerevisions').updateOne({ _id: 'rules' }, { $inc: { n: 1 } })
      return { masked }
    },
  }

  return {
    holding,
    /** Texts in use that still name them once they are erased. */
    async named(person: Person): Promise<Mention[]> {
      const known = createNaming(person)
      const found = new Map<string, Mention>()
      for (const kind of written)
        for await (const { _id } of naming(kind, known)) {
          const { of } = kind
          const one =
            of === undefined
              ? { where: kind.collection, id: _id }
              : { where: of.collection, id: _id.split(':')[0] ?? _id }
          found.set(`${one.where}:${one.id}`, one)
        }
      return [...found.values()]
    },
    /** Versions that named somebody erased while they were in use, and are not any more, lose the name. */
    async retire(): Promise<void> {
      for (const { collection, of } of written) {
        if (of === undefined) continue
        const docs = docsOf(collection)
        const used = await inUse(of)
        for await (const { _id, whenOver } of docs.find(
          { whenOver: { $exists: true } },
          { projection: { whenOver: 1 } },
        ))
          if (whenOver !== undefined && !used.has(_id))
            await docs.updateOne({ _id }, { $set: whenOver, $unset: { whenOver: 1 } })
      }
    },
  }
}

export type Texts = ReturnType<typeof createTexts>
