import type { Problem } from './channels.model.ts'
import { wecomOf } from '../wecom/types.ts'

/** Codes that are about one of the members: unknown, out of the app's range, not activated, not verified, without customer contact. */
const aboutMembers: ReadonlySet<number> = new Set([40003, 60111, 60011, 60021, 50002, 41054, 40098, 84074])

export const isAboutMember = (error: unknown): boolean => aboutMembers.has(wecomOf(error)?.errcode ?? 0)

/** The members that WeCom's own words name. */
export const namedIn = (hint: string, userids: readonly string[]): string[] => {
  const words = new Set(
    hint
      .toLowerCase()
      .split(/[^\w.@-]+/)
      .map((word) => word.replace(/^[.-]+|[.-]+$/g, '')),
  )
  return userids.filter((userid) => words.has(userid.toLowerCase()))
}

/** What a person reads of a failed call; an error that is not WeCom's is thrown on. */
export const problemOf = (error: unknown, at: Date): Problem => {
  const told = wecomOf(error)
  if (told === null) throw error
  const { kind, errcode, hint } = told
  const lost = kind === 'ambiguous' || kind === 'unreachable'
  return { code: lost ? 'wecom.unreachable' : 'wecom.refused', errcode, hint: hint.slice(0, 200), at }
}
