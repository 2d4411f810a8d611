import type { Company, Customer, Group, Member, Relation } from './api.ts'

export interface Directory {
  member(id: string): Member | undefined
  customer(id: string): Customer | undefined
  group(id: string): Group | undefined
  relation(userid: string, external_userid: string): Relation | undefined
  relationsOf(id: string): readonly Relation[]
  groupsOf(id: string): readonly Group[]
  tag(id: string): string
  /** The name a person or group goes by; a rep sees their own remark of a customer. The id itself when unknown. */
  nameOf(id: string, seenBy?: string): string
}

/** Look-ups over one snapshot of the company. */
export function buildDirectory(company: Company): Directory {
  const members = new Map(company.members.map((member) => [member.userid, member]))
  const customers = new Map(company.customers.map((customer) => [customer.external_userid, customer]))
  const groups = new Map(company.groups.map((group) => [group.chat_id, group]))
  const tags = new Map(company.tags.map((tag) => [tag.id, tag.name]))
  const pairs = new Map(company.relations.map((pair) => [`${pair.userid}/${pair.external_userid}`, pair]))
  const byPerson = new Map<string, Relation[]>()
  for (const pair of company.relations) {
    for (const id of [pair.userid, pair.external_userid]) {
      const list = byPerson.get(id)
      if (list) list.push(pair)
      else byPerson.set(id, [pair])
    }
  }
  const relation = (userid: string, external_userid: string) => pairs.get(`${userid}/${external_userid}`)
  return {
    member: (id) => members.get(id),
    customer: (id) => customers.get(id),
    group: (id) => groups.get(id),
    relation,
    relationsOf: (id) => byPerson.get(id) ?? [],
    groupsOf: (id) => company.groups.filter((group) => group.members.some((member) => member.id === id)),
    tag: (id) => tags.get(id) ?? id,
    nameOf: (id, seenBy) => {
      const remark = seenBy === undefined ? undefined : relation(seenBy, id)?.remark
      return remark || members.get(id)?.name || customers.get(id)?.name || groups.get(id)?.name || id
    },
  }
}
