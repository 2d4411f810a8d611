import type { GroupMemberRow, GroupRow } from '../store/rows.ts'
import type { World } from '../world.ts'
import { found, Refusal } from './refusal.ts'
import { firstType } from './mass.ts'

/** The owner turns a welcome template on for a group in the client, or off (null). */
export function setGroupWelcome(world: World, chatId: string, templateId: string | null): void {
  const { welcome: _old, ...group } = found(world.store.groups.get(chatId), `group ${chatId}`)
  if (group.kind !== 'customer') throw new Refusal('only a customer group has a welcome message')
  if (templateId === null) world.store.groups.set(chatId, group)
  else {
    found(world.store.groupWelcomes.get(templateId), `template ${templateId}`)
    world.store.groups.set(chatId, { ...group, welcome: templateId })
  }
}

/** What a group says to a customer who has just joined, if its owner turned a template on that still exists. */
export function welcomeToGroup(world: World, group: GroupRow, member: GroupMemberRow): void {
  const template = world.store.groupWelcomes.get(group.welcome ?? '')
  if (!template || member.type !== 2) return
  const text = (template.text?.content ?? '').replaceAll('%NICKNAME%', member.name)
  const attachments = template.attachment === undefined ? [] : [template.attachment]
  world.ledger.add({
    to: { kind: 'group', id: group.chat_id },
    from: group.owner,
    via: 'group_welcome',
    msgtype: text === '' ? firstType(attachments) : 'text',
    text,
    content: { text: { content: text }, attachments },
    request: template.template_id,
  })
}

/** Tells the owners of customer groups that there is a new template. */
export function noticeOwners(world: World, templateId: string): void {
  const owners = new Set(
    [...world.store.groups.values()].filter((one) => one.kind === 'customer').map((one) => one.owner),
  )
  for (const id of owners) {
    if (world.store.members.get(id)?.status !== 1) continue
    const text = '有新的入群欢迎语，可在群聊中启用'
    const content = { text: { content: text } }
    world.ledger.add({
      to: { kind: 'member', id },
      from: 'sys',
      via: 'notice',
      msgtype: 'text',
      text,
      content,
      request: templateId,
    })
  }
}
