import type { Role } from '@zhiyin/shared/api/endpoint'

export const pages = [
  { name: 'today', group: 'top', role: 'rep' },
  { name: 'customers', group: 'top', role: 'rep' },
  { name: 'segments', group: 'top', role: 'manager' },
  { name: 'tiers', group: 'top', role: 'manager' },
  { name: 'rules', group: 'reach', role: 'manager' },
  { name: 'playbooks', group: 'reach', role: 'manager' },
  { name: 'broadcasts', group: 'reach', role: 'manager' },
  { name: 'contents', group: 'reach', role: 'rep' },
  { name: 'media', group: 'reach', role: 'rep' },
  { name: 'groups', group: 'reach', role: 'rep' },
  { name: 'channels', group: 'reach', role: 'manager' },
  { name: 'sends', group: 'result', role: 'rep' },
  { name: 'measure', group: 'result', role: 'manager' },
  { name: 'losses', group: 'result', role: 'rep' },
  { name: 'transfers', group: 'setup', role: 'manager' },
  { name: 'identities', group: 'setup', role: 'manager' },
  { name: 'attributes', group: 'setup', role: 'manager' },
  { name: 'tags', group: 'setup', role: 'manager' },
  { name: 'imports', group: 'setup', role: 'manager' },
  { name: 'ingest', group: 'setup', role: 'manager' },
  { name: 'inbox', group: 'setup', role: 'manager' },
  { name: 'settings', group: 'setup', role: 'manager' },
  { name: 'team', group: 'setup', role: 'manager' },
  { name: 'privacy', group: 'setup', role: 'manager' },
  { name: 'setup', group: 'setup', role: 'manager' },
] as const satisfies { name: string; group: string; role: Role }[]

/** Sections that are tabs of another page's: it is that page they are marked under. */
const tabOf: Readonly<Record<string, PageName>> = { 'talk-tracks': 'contents', coupons: 'contents' }
/** The page a path is marked under, by its first part. */
export const sectionOf = (path: string): string => {
  const first = path.split('/')[1] || 'today'
  return tabOf[first] ?? first
}

export const navGroups = ['top', 'reach', 'result', 'setup'] as const
export type NavGroup = (typeof navGroups)[number]
export type PageName = (typeof pages)[number]['name']
