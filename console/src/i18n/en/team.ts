import type { team as zh } from '../zh/team.ts'

export const team: typeof zh = {
  hint: 'Who may sign in, see and do what. Who leads a department manages by itself; a role set by hand stays.',
  hintManager: 'Who may see and do what; administrators change roles.',
  sync: 'Sync from WeCom',
  synced: '{members} members and {customers} customers read',
  empty: 'No members yet',
  emptyHint: 'Read the members and customers from WeCom.',
  member: 'Member',
  role: 'Role',
  access: 'May sign in',
  allowed: 'Yes',
  barred: 'Shut out',
  inactive: 'Inactive',
  seen: 'Last seen',
  never: 'Never signed in',
  leads: 'Leads',
  people: '{n}',
  nowhere: 'No department',
  left: 'Not here any more',
  can: {
    rep: 'Sees the customers they follow, their own tasks and sends',
    manager:
      'Sees customers, tasks and sends of the departments they lead (else of those they are in), writes rules and content, changes thresholds',
    admin: 'Sees the whole company; also changes roles and access, syncs, replays, sees the queues',
  },
}
