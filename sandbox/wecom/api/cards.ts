import { z } from 'zod'
import { says } from './schema.ts'

const text = z.string().optional()
const title = z.object({ title: text, desc: text })
const jump = z.object({ type: z.int().min(1).max(2).optional(), title: text, url: text, appid: text, pagepath: text })
const option = z.object({ id: z.string().min(1), text: z.string().min(1), is_checked: z.boolean().optional() })
const submit = z.object({ text: z.string().min(1), key: z.string().min(1) })
const INTERACTIVE = ['button_interaction', 'vote_interaction', 'multiple_interaction']

/** Cards (模板卡片) of app messages and robots, with their counts and what each type asks for. */
export const TemplateCard = z
  .object({
    card_type: z.enum(['text_notice', 'news_notice', 'button_interaction', 'vote_interaction', 'multiple_interaction']),
    source: z.object({ icon_url: text, desc: text, desc_color: z.int().min(0).max(3).optional() }).optional(),
    action_menu: z
      .object({
        desc: text,
        action_list: z
          .array(z.object({ text: z.string(), key: z.string() }))
          .min(1)
          .max(3),
      })
      .optional(),
    main_title: title.optional(),
    quote_area: z.looseObject({ type: z.int().min(0).max(2).optional() }).optional(),
    emphasis_content: title.optional(),
    sub_title_text: text,
    horizontal_content_list: z
      .array(z.looseObject({ type: z.int().min(0).max(3).optional(), keyname: z.string(), value: text }))
      .max(6)
      .optional(),
    vertical_content_list: z.array(title).max(4).optional(),
    jump_list: z.array(jump).max(3).optional(),
    card_action: z.object({ type: z.int().min(0).max(2), url: text, appid: text, pagepath: text }).optional(),
    task_id: z
      .string()
      .regex(/^[\w\-@]{1,128}$/)
      .optional(),
    card_image: z.object({ url: z.string().min(1), aspect_ratio: z.number().min(1.3).max(2.25).optional() }).optional(),
    image_text_area: z.looseObject({}).optional(),
    button_selection: z
      .object({ question_key: z.string(), title: text, option_list: z.array(option).min(1).max(10), selected_id: text })
      .optional(),
    button_list: z
      .array(z.looseObject({ text: z.string().min(1), style: z.int().min(1).max(4).optional() }))
      .min(1)
      .max(6)
      .optional(),
    checkbox: z
      .object({ question_key: z.string(), mode: flagOf(), option_list: z.array(option).min(1).max(20) })
      .optional(),
    select_list: z
      .array(
        z.object({
          question_key: z.string(),
          title: text,
          selected_id: text,
          option_list: z.array(option).min(1).max(10),
        }),
      )
      .min(1)
      .max(3)
      .optional(),
    submit_button: submit.optional(),
  })
  .refine(
    (card) => !card.card_type.endsWith('_notice') || card.card_action !== undefined,
    says(40058, 'card_action is required'),
  )
  .refine(
    (card) =>
      card.card_type !== 'text_notice' || card.main_title?.title !== undefined || card.sub_title_text !== undefined,
    says(40058, 'main_title.title or sub_title_text is required'),
  )
  .refine(
    (card) => !INTERACTIVE.includes(card.card_type) || card.task_id !== undefined,
    says(42014, 'task_id is required'),
  )
  .refine(
    (card) => card.card_type !== 'button_interaction' || card.button_list !== undefined,
    says(40058, 'button_list is required'),
  )
  .refine(
    (card) =>
      card.card_type !== 'vote_interaction' || (card.checkbox !== undefined && card.submit_button !== undefined),
    says(40058, 'checkbox and submit_button are required'),
  )
  .refine(
    (card) =>
      card.card_type !== 'multiple_interaction' || (card.select_list !== undefined && card.submit_button !== undefined),
    says(40058, 'select_list and submit_button are required'),
  )

function flagOf() {
  return z.int().min(0).max(1).optional()
}
