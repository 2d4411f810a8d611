import { chanceOf } from './random.ts'

/** A member of the company who looks after customers. */
export type Rep = { readonly userid: string; readonly name: string; readonly position: string }
/** `chatName` groups have an owner, a rep who brings customers along, and a tier. */
export type TeamGroup = {
  readonly name: string
  readonly owner: string
  readonly helper: string
  readonly tier: 'A' | 'C'
}
/** A department: its reps share its channels and groups. */
export type Team = {
  readonly department: string
  readonly reps: readonly Rep[]
  readonly channels: readonly string[]
  readonly groups: readonly TeamGroup[]
}
export type Staff = { readonly teams: readonly Team[] }

export const manager = { userid: 'wangmin', name: '王敏', position: '私域运营主管' } as const
export const internalGroup = { name: '店长群', owner: manager.userid, robot: '知音播报', tier: 'B' } as const

/** The team a company begins with. */
const house = {
  department: '护肤顾问组',
  reps: [
    { userid: 'lina', name: '李娜', position: '高级护肤顾问' },
    { userid: 'chenli', name: '陈立', position: '护肤顾问' },
    { userid: 'zhouke', name: '周可', position: '护肤顾问' },
  ],
  channels: ['门店海报', '小红书笔记', '老客推荐'],
  groups: [
    { name: '初雪 VIP 护肤研究所', owner: 'lina', helper: 'chenli', tier: 'A' },
    { name: '初雪护肤福利群', owner: 'zhouke', helper: 'chenli', tier: 'C' },
  ],
} as const satisfies Team

export const tagGroups: Readonly<Record<string, readonly string[]>> = {
  渠道: house.channels,
  肤质: ['敏感肌', '油性肌', '干性肌', '混合肌'],
  偏好: ['爱囤面膜', '看重成分', '喜欢礼盒', '价格敏感'],
  状态: ['召回过', '流失挽回'],
}

const customersOfHouse = 900
const customersOfRep = 300
const repsOfTeam = 20
/** WeCom lets a customer group have 500 members; about half of the customers join one. */
const customersOfGroup = 800

const teamOf = (nth: number, customers: number): Team => {
  const mark = String(nth).padStart(3, '0')
  const department = `顾问${nth + 1}组`
  const size = Math.min(repsOfTeam, Math.max(2, Math.ceil(customers / customersOfRep)))
  const reps = Array.from({ length: size }, (_, i) => ({
    userid: `rep${mark}${String(i + 1).padStart(2, '0')}`,
    name: `顾问${nth + 1}-${i + 1}`,
    position: '护肤顾问',
  }))
  const owner = (i: number): string => reps[i % size]?.userid ?? ''
  const groups = Array.from({ length: Math.max(2, Math.ceil(customers / customersOfGroup)) }, (_, i) => ({
    name: `${department} ${i === 0 ? 'VIP ' : ''}${i + 1} 群`,
    owner: owner(i),
    helper: owner(i + 1),
    tier: i === 0 ? ('A' as const) : ('C' as const),
  }))
  return { department, reps, channels: [`${department}门店`, `${department}线上`], groups }
}

/** Who works where for so many customers (10 to 1,000,000): the house's own three reps, then teams of up to twenty. */
export const staffOf = (customers: number): Staff => {
  const full = repsOfTeam * customersOfRep
  const others = Math.ceil(Math.max(0, customers - customersOfHouse) / full)
  const teams = Array.from({ length: others }, (_, i) =>
    teamOf(i + 1, Math.min(full, customers - customersOfHouse - i * full)),
  )
  return { teams: [house, ...teams] }
}

/** The team that looks after customer `index`. */
export const teamOfCustomer = ({ teams }: Staff, index: number): Team => {
  const nth = index < customersOfHouse ? 0 : 1 + Math.floor((index - customersOfHouse) / (repsOfTeam * customersOfRep))
  return teams[Math.min(nth, teams.length - 1)] ?? house
}

const known: Readonly<Record<string, number>> = { lina: 0.85, chenli: 0.7, zhouke: 0.55 }
/** How likely a rep confirms a waiting mass message on an evening. */
export const diligenceOf = (userid: string): number =>
  known[userid] ?? 0.5 + chanceOf('diligence', userid).int(0, 40) / 100
