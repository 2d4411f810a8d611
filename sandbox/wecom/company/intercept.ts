import type { InterceptRuleRow } from '../store/rows-setup.ts'
import type { World } from '../world.ts'
import { departmentTree } from './members.ts'

/** What a rule looks for besides words: 1 a phone number, 2 an e-mail address, 3 a red packet. */
const MEANINGS: Record<number, (line: { text: string; msgtype: string }) => boolean> = {
  1: ({ text }) => /(?<!\d)1[3-9]\d{9}(?!\d)/.test(text),
  2: ({ text }) => /[\w.+-]+@[\w-]+\.[\w.]+/.test(text),
  3: ({ msgtype }) => msgtype === 'redpacket',
}
const BLOCKS = 1

/** The rule that stops this member from sending this line to a customer. Rules that only warn stop nobody. */
export function blockingRule(
  world: World,
  userid: string,
  line: { text: string; msgtype: string },
): InterceptRuleRow | undefined {
  return [...world.store.interceptRules.values()].find(
    (rule) =>
      rule.intercept_type === BLOCKS &&
      applies(world, rule, userid) &&
      (rule.word_list.some((word) => line.text.includes(word)) ||
        rule.semantics_list.some((id) => MEANINGS[id]?.(line))),
  )
}

function applies(world: World, { applicable_range: range }: InterceptRuleRow, userid: string): boolean {
  if (range.user_list.includes(userid)) return true
  const departments = range.department_list.flatMap((id) => departmentTree(world, id).map((one) => one.id))
  return world.store.members.get(userid)?.department.some((id) => departments.includes(id)) ?? false
}
