import { z } from 'zod'

const text = z.string().default('')
const title = z.object({ title: text, desc: text })
const option = z.object({ id: z.string(), text: z.string(), is_checked: z.boolean().optional() })
const question = z.object({
  question_key: z.string(),
  title: text,
  selected_id: text,
  option_list: z.array(option),
})

/** A template card (模板卡片) as far as the client shows it; the API has checked it when it was sent. */
export const Card = z.object({
  card_type: z.string(),
  source: z.object({ icon_url: text, desc: text, desc_color: z.int().default(0) }).optional(),
  action_menu: z
    .object({ desc: text, action_list: z.array(z.object({ text: z.string(), key: z.string() })) })
    .optional(),
  main_title: title.optional(),
  quote_area: z.looseObject({ title: text, quote_text: text, url: text }).optional(),
  emphasis_content: title.optional(),
  sub_title_text: text,
  horizontal_content_list: z.array(z.looseObject({ keyname: z.string(), value: text, url: text })).default([]),
  vertical_content_list: z.array(title).default([]),
  jump_list: z.array(z.looseObject({ title: text, url: text })).default([]),
  card_action: z.looseObject({ url: text }).optional(),
  card_image: z.object({ url: text }).optional(),
  image_text_area: z.looseObject({ title: text, desc: text, image_url: text, url: text }).optional(),
  task_id: text,
  button_selection: question.optional(),
  button_list: z
    .array(
      z.looseObject({ type: z.int().default(0), text: z.string(), style: z.int().default(1), key: text, url: text }),
    )
    .default([]),
  checkbox: z.object({ question_key: z.string(), mode: z.int().default(0), option_list: z.array(option) }).optional(),
  select_list: z.array(question).default([]),
  submit_button: z.object({ text: z.string(), key: z.string() }).optional(),
  /** The app has answered: its word stands on the buttons, which work no more. */
  replaced: z.object({ replace_name: z.string() }).optional(),
})
export type Card = z.output<typeof Card>
export type Question = z.output<typeof question>

/** What is chosen in a card before anybody touches it, by question. */
export function firstChoices(card: Card): Map<string, string[]> {
  const choices = new Map<string, string[]>()
  for (const one of questionsOf(card)) if (one.selected_id !== '') choices.set(one.question_key, [one.selected_id])
  const { checkbox } = card
  const ticked = checkbox?.option_list.filter((one) => one.is_checked).map((one) => one.id) ?? []
  if (checkbox && ticked.length > 0) choices.set(checkbox.question_key, ticked)
  return choices
}

/** The questions answered from a list. */
export const questionsOf = (card: Card): Question[] => [
  ...(card.button_selection ? [card.button_selection] : []),
  ...card.select_list,
]
