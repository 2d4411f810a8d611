import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

/** What was made at the beginning, by the product's and WeCom's ids. */
export const Company = z.object({
  tags: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.object({ id: z.string(), state: z.string() })),
  contents: z.record(z.string(), z.string()),
  rules: z.record(z.string(), z.string()),
  /** chat_ids by the groups' names. */
  groups: z.record(z.string(), z.string()),
})
export type Company = z.infer<typeof Company>

/** Earlier than anything the shop knew before. */
const beforeAll = -1e9

/** How far a population has been played; kept in the data folder, so that what was stopped goes on where it was. */
const Pages = z.object({
  seed: z.int(),
  months: z.int(),
  customers: z.int(),
  mark: z.string(),
  /** Midnight of the first day in Shanghai, epoch ms. */
  start: z.int(),
  /** Deeds up to here (minutes since start) are done. */
  until: z.number(),
  /** Everything is done. */
  seeded: z.boolean(),
  /** The external_userid of the customer to show. */
  star: z.string().optional(),
  company: Company.nullable(),
  /** Mass messages that reached somebody, by the minute. */
  received: z.array(z.object({ person: z.int(), message: z.string(), at: z.number() })),
  deeds: z.int(),
  orders: z.int(),
  /** Counts what the company has done since it lives on. */
  lived: z.int(),
})
export type Pages = z.infer<typeof Pages>

export type Book = { readonly pages: Pages; save(): void }

export const freshPages = (wanted: Pick<Pages, 'seed' | 'months' | 'customers' | 'mark' | 'start'>): Pages => ({
  ...wanted,
  ...{ until: beforeAll, seeded: false, company: null, received: [], deeds: 0, orders: 0, lived: 0 },
})

/** The memory in `file`; `fresh` is what it begins with. */
export const openBook = (file: string, fresh: () => Pages): Book => {
  const pages = existsSync(file) ? Pages.parse(JSON.parse(readFileSync(file, 'utf8'))) : fresh()
  return {
    pages,
    save() {
      writeFileSync(`${file}.new`, JSON.stringify(pages))
      renameSync(`${file}.new`, file)
    },
  }
}
