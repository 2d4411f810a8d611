import type { Problem } from '@zhiyin/shared/cleaning'
import type { importIdentities, RowProblem, Target, TraitForm } from '@zhiyin/shared/import'
import { companyCurrency } from '@zhiyin/shared/money'
import { money, moneyText } from '../cleaning/money.ts'
import { region } from '../cleaning/region.ts'
import { boolean, email, gender, id, list, name, number, phone, plainText } from '../cleaning/text.ts'
import { birthday, date, time } from '../cleaning/time.ts'
import { refuse, type Cleaned } from '../cleaning/types.ts'
import { identity, type Identity } from '../profile/read.ts'
import type { TagIndex } from './tag-index.ts'

/** What cleaning needs besides the text. */
export type Context = { readonly zone: string; readonly now: Date; readonly currency: string; readonly tags: TagIndex }

/** Traits as a fact carries them. */
export type Traits = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** A text in the form of a trait: what is kept of it. */
type Clean = (text: string, key: string, context: Context) => Cleaned<Traits>

const as =
  <T extends string | number | boolean | readonly string[]>(
    clean: (text: string, context: Context) => Cleaned<T>,
  ): Clean =>
  (text, key, context) => {
    const cleaned = clean(text, context)
    return 'problem' in cleaned ? cleaned : { value: { [key]: cleaned.value } }
  }

const traits: Readonly<Record<TraitForm, Clean>> = {
  text: as(plainText),
  name: as(name),
  number: as(number),
  boolean: as(boolean),
  gender: as(gender),
  list: as(list),
  date: as((text, { zone }) => date(text, zone)),
  birthday: as((text, { zone, now }) => birthday(text, zone, now)),
  time: as((text, { zone }) => {
    const cleaned = time(text, zone)
    return 'problem' in cleaned ? cleaned : { value: cleaned.value.toISOString() }
  }),
  money: as((text, { currency }) => {
    const cleaned = money(text, currency)
    if ('problem' in cleaned) return cleaned
    return { value: cleaned.value.currency === companyCurrency ? cleaned.value.amount : moneyText(cleaned.value) }
  }),
  region: (text) => {
    const cleaned = region(text)
    if ('problem' in cleaned) return cleaned
    const { code, province, city, district } = cleaned.value
    return {
      value: {
        region: code,
        province,
        ...(city === null ? {} : { city }),
        ...(district === null ? {} : { district }),
      },
    }
  },
}

export const traitsOf = (
  text: string,
  { key, form }: Extract<Target, { to: 'trait' }>,
  context: Context,
): Cleaned<Traits> => traits[form](text, key, context)

type IdentityKind = (typeof importIdentities)[number]
const identities: Readonly<Record<IdentityKind, (text: string) => Cleaned<string>>> = {
  phone,
  email,
  unionid: id,
  user_id: id,
  crm_id: id,
  external_userid: id,
}

export const identityOf = (text: string, kind: IdentityKind): Cleaned<Identity> => {
  const cleaned = identities[kind](text)
  if ('problem' in cleaned) return cleaned
  const found = identity(kind, cleaned.value)
  return found === null ? refuse('id.not', text) : { value: found }
}

/** A cell without what spreadsheets put before a text that looks like a formula. */
export const textOf = (cells: readonly string[], column: number): string =>
  (cells[column] ?? '').trim().replace(/^'(?=[=@+-])/, '')

/** Collects what is wrong with a row while its cells are cleaned. */
export const createFaults = () => {
  const problems: RowProblem[] = []
  return {
    problems,
    add: (column: number | null, problem: Problem): void => void problems.push({ column, problem }),
    /** The value, or null with the problem noted. */
    take: <T>(column: number, cleaned: Cleaned<T>): T | null => {
      if ('value' in cleaned) return cleaned.value
      problems.push({ column, problem: cleaned.problem })
      return null
    },
  }
}

/** A row that has more cells than there are columns was cut at the wrong places; missing ones at its end are empty. */
export const widthProblem = (cells: readonly string[], columns: number): Problem | null => {
  const more = cells.slice(columns).some((cell) => cell.trim() !== '')
  return more ? { code: 'row.columns', params: { expected: columns, found: cells.length } } : null
}
