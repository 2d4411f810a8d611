import { z } from 'zod'
import type { CardPress } from '../admin/endpoints/app.ts'
import { TemplateCard } from '../api/cards.ts'
import type { EventFields } from '../callback/xml.ts'
import type { World } from '../world.ts'
import { issueResponseCode } from './cards.ts'
import { fromMember, mustBeMember } from './members.ts'
import { found, Refusal } from './refusal.ts'

const Content = z.looseObject({ template_card: TemplateCard })
const Button = z.looseObject({ key: z.string(), type: z.int().default(0) })

/** A member presses a button of a card he was sent: the event fires with a code for updating the card, good once. */
export function pressCard(
  world: World,
  { userid, msgid, task_id, key, selected }: z.output<typeof CardPress>,
): { response_code: string } {
  mustBeMember(world, userid)
  const sent = world.ledger.query({ to: userid, via: 'app', msgtype: 'template_card' }).flatMap((entry) => {
    const card = Content.safeParse(entry.content).data?.template_card
    return card ? [{ card, msgid: entry.request }] : []
  })
  const { card, msgid: of } = found(
    sent.findLast((one) => (msgid === undefined || one.msgid === msgid) && (!task_id || one.card.task_id === task_id)),
    `a card for ${userid} with that msgid and task_id`,
  )
  const isMenu = card.action_menu?.action_list.some((one) => one.key === key) ?? false
  const buttons = (card.button_list ?? []).flatMap((one) => Button.safeParse(one).data ?? [])
  const answers = buttons.some((one) => one.key === key && one.type === 0) || card.submit_button?.key === key
  if (!isMenu && !answers) throw new Refusal(`the card has no button ${key}`)

  const code = issueResponseCode(world, of)
  const fields: EventFields = { EventKey: key }
  if (card.task_id !== undefined) fields['TaskId'] = card.task_id
  fields['CardType'] = card.card_type
  fields['ResponseCode'] = code
  if (selected.length > 0)
    fields['SelectedItems'] = {
      SelectedItem: selected.map((one) => ({
        QuestionKey: one.question_key,
        OptionIds: { OptionId: one.option_ids },
      })),
    }
  world.callbacks.emit(fromMember(world, userid, isMenu ? 'template_card_menu_event' : 'template_card_event', fields))
  return { response_code: code }
}
