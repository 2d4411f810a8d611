import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What was made at the beginning, by the product's and WeCom's ids. */
export const Company = z.object({
  tags: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.object({ id: z.string(), state: z.string() })),
  contents: z.record(z.string(), z.string()),
  rules: z.record(z.string(), z.string()),
  groups: z.array(z.object({ name: z.string(), chatId: z.string(), owner: z.string(), tier: z.string() })),
})
export type Company = z.infer<typeof Company>

const Known = z.object({
  external: z.string(),
  /** The product's id, once looked up. */
  id: z.string().optional(),
  joined: z.boolean(),
  deleted: z.boolean(),
  grouped: z.boolean(),
})
export type Known = z.infer<typeof Known>

/** How far the demo company has come; kept in the data folder, so that a stopped demo goes on where it was. */
const Pages = z.object({
  seed: z.int(),
  months: z.int(),
  customers: z.int(),
  /** Midnight of the first day in Shanghai, epoch ms. */
  start: z.int(),
  /** The day to be lived next. */
  day: z.int(),
  /** Deeds up to here (minutes since start) are done. */
  until: z.number(),
  seeded: z.boolean(),
  /** The external_userid of the customer to show. */
  star: z.string().optional(),
  company: Company.nullable(),
  people: z.record(z.string(), Known),
  /** Recalls that reached somebody, by the day. */
  recalls: z.array(z.object({ person: z.int(), day: z.int() })),
  orders: z.int(),
  /** Counts what the company has done since it lives on. */
  lived: z.int(),
})
export type Pages = z.infer<typeof Pages>

export type Book = { readonly pages: Pages; save(): void }

/** The demo's memory in `dataDir`; `fresh` is what it begins with. */
export const openBook = (dataDir: string, fresh: () => Pages): Book => {
  const file = join(dataDir, 'demo.json')
  const pages = existsSync(file) ? Pages.parse(JSON.parse(readFileSync(file, 'utf8'))) : fresh()
  return {
    pages,
    save() {
      writeFileSync(`${file}.new`, JSON.stringify(pages))
      renameSync(`${file}.new`, file)
    },
  }
}
