import type { RelationRow } from '../store/rows.ts'
import type { Table } from '../store/table.ts'

/** The (member, customer) pairs with both look-ups; the only way to write them. */
export interface Relations {
  get(userid: string, externalUserid: string): RelationRow | undefined
  set(relation: RelationRow): RelationRow
  delete(userid: string, externalUserid: string): boolean
  /** In the order they were made. */
  ofMember(userid: string): RelationRow[]
  ofCustomer(externalUserid: string): RelationRow[]
  all(): IterableIterator<RelationRow>
  reset(): void
}

/** Keys never contain a line break, as ids do not. */
const key = (userid: string, externalUserid: string): string => `${userid}\n${externalUserid}`

/** Relations over their table, indexed by member and by customer. */
export function createRelations(table: Table<RelationRow>): Relations {
  const byMember = new Map<string, Set<string>>()
  const byCustomer = new Map<string, Set<string>>()
  const index = (relation: RelationRow): void => {
    const id = key(relation.userid, relation.external_userid)
    add(byMember, relation.userid, id)
    add(byCustomer, relation.external_userid, id)
  }
  for (const relation of table.values()) index(relation)
  const rows = (ids: Set<string> | undefined): RelationRow[] => {
    const found: RelationRow[] = []
    for (const id of ids ?? []) {
      const row = table.get(id)
      if (row) found.push(row)
    }
    return found
  }

  return {
    get: (userid, externalUserid) => table.get(key(userid, externalUserid)),
    set(relation) {
      index(relation)
      return table.set(key(relation.userid, relation.external_userid), relation)
    },
    delete(userid, externalUserid) {
      const id = key(userid, externalUserid)
      byMember.get(userid)?.delete(id)
      byCustomer.get(externalUserid)?.delete(id)
      return table.delete(id)
    },
    ofMember: (userid) => rows(byMember.get(userid)),
    ofCustomer: (externalUserid) => rows(byCustomer.get(externalUserid)),
    all: () => table.values(),
    reset() {
      byMember.clear()
      byCustomer.clear()
    },
  }
}

function add(index: Map<string, Set<string>>, of: string, id: string): void {
  const ids = index.get(of)
  if (ids) ids.add(id)
  else index.set(of, new Set([id]))
}
