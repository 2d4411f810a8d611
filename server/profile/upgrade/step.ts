/** How far a batch has come: the last document (null: there are no more), and how many were brought into the new form. */
export type Batch = { readonly last: string | null; readonly count: number }

/** One change of the form in which something is kept; a file of this folder each. */
export type Step = {
  /** Marks in the database how far it is; never used for another change. */
  readonly name: string
  /** The next documents behind `after`, in the order of ids. Done twice it changes nothing, so that whoever was cut short begins it again. */
  next(after: string | null): Promise<Batch>
}

type Walk<D extends { readonly _id: string }> = {
  readonly name: string
  /** The next documents behind an id in the order of ids; those of today's form may be left out. */
  readonly page: (after: string, limit: number) => Promise<D[]>
  readonly limit: number
  /** Answers how many it changed. */
  readonly change: (docs: readonly D[]) => Promise<number>
}

/** A step that reads the next documents and writes them anew. */
export const walk = <D extends { readonly _id: string }>({ name, page, limit, change }: Walk<D>): Step => ({
  name,
  async next(after) {
    const docs = await page(after ?? '', limit)
    const count = docs.length === 0 ? 0 : await change(docs)
    return { last: docs.length < limit ? null : (docs.at(-1)?._id ?? null), count }
  },
})
