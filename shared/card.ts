import { z } from 'zod'

/**
 * Template cards (模板卡片, apis.md §18), written as WeCom writes them: one schema from the form to the wire. A robot takes the two
 * notices only; members may press what the three others ask.
 */

const text = z.string().optional()
const url = z.string().max(2048).optional()
const titled = z.object({ title: text, desc: text })
const target = { url, appid: text, pagepath: text }

/** Where a touch leads; 1 an address, 2 a mini-program. */
const Action = z.object({ type: z.int().min(0).max(2), ...target })
const Jump = z.object({ type: z.int().min(0).max(2).optional(), title: z.string().min(1), ...target })
/** A line of a name and a value; 1 an address, 2 a file, 3 a member. */
const Line = z.object({
  type: z.int().min(0).max(3).optional(),
  keyname: z.string().min(1),
  value: text,
  url,
  media_id: text,
  userid: text,
})
const Option = z.object({ id: z.string().min(1), text: z.string().min(1) })
const Submit = z.object({ text: z.string().min(1), key: z.string().min(1) })
const Button = z.object({
  /** 0 tells us (template_card_event), 1 opens an address. */
  type: z.union([z.literal(0), z.literal(1)]).optional(),
  text: z.string().min(1),
  style: z.int().min(1).max(4).optional(),
  key: text,
  url,
})
/** Unique in the app; what a pressed button is told with. */
const TaskId = z.string().regex(/^[\w\-@]{1,128}$/)

const common = {
  source: z.object({ icon_url: url, desc: text, desc_color: z.int().min(0).max(3).optional() }).optional(),
  action_menu: z
    .object({
      desc: text,
      action_list: z
        .array(z.object({ text: z.string(), key: z.string() }))
        .min(1)
        .max(3),
    })
    .optional(),
  main_title: titled.optional(),
  quote_area: z.object({ type: z.int().min(0).max(2).optional(), ...target, title: text, quote_text: text }).optional(),
  sub_title_text: text,
  horizontal_content_list: z.array(Line).max(6).optional(),
  jump_list: z.array(Jump).max(3).optional(),
}
const notice = { ...common, card_action: Action, task_id: TaskId.optional() }
const asking = { ...common, card_action: Action.optional(), task_id: TaskId }

const TextNotice = z.object({ card_type: z.literal('text_notice'), ...notice, emphasis_content: titled.optional() })
const NewsNotice = z.object({
  card_type: z.literal('news_notice'),
  ...notice,
  card_image: z.object({ url: z.string().min(1).max(2048), aspect_ratio: z.number().min(1.3).max(2.25).optional() }),
  image_text_area: z
    .object({
      type: z.int().min(0).max(2).optional(),
      ...target,
      title: text,
      desc: text,
      image_url: z.string().max(2048),
    })
    .optional(),
  vertical_content_list: z.array(titled).max(4).optional(),
})
const ButtonCard = z.object({
  card_type: z.literal('button_interaction'),
  ...asking,
  button_selection: z
    .object({
      question_key: z.string().min(1),
      title: text,
      option_list: z.array(Option).min(1).max(10),
      selected_id: text,
    })
    .optional(),
  button_list: z.array(Button).min(1).max(6),
})
const VoteCard = z.object({
  card_type: z.literal('vote_interaction'),
  ...asking,
  checkbox: z.object({
    question_key: z.string().min(1),
    /** 0 one answer, 1 several. */
    mode: z.union([z.literal(0), z.literal(1)]).optional(),
    option_list: z
      .array(Option.extend({ is_checked: z.boolean().optional() }))
      .min(1)
      .max(20),
  }),
  submit_button: Submit,
})
const MultipleCard = z.object({
  card_type: z.literal('multiple_interaction'),
  ...asking,
  select_list: z
    .array(
      z.object({
        question_key: z.string().min(1),
        title: text,
        selected_id: text,
        option_list: z.array(Option).min(1).max(10),
      }),
    )
    .min(1)
    .max(3),
  submit_button: Submit,
})

type Titled = {
  card_type: string
  main_title?: { title?: string | undefined } | undefined
  sub_title_text?: string | undefined
}
const says = (card: Titled): boolean =>
  card.card_type !== 'text_notice' || Boolean(card.main_title?.title) || Boolean(card.sub_title_text)
const unsaid = { message: 'a text notice needs a title or a subtitle', path: ['main_title', 'title'] }
const menuNeedsId = (card: { action_menu?: unknown; task_id?: string | undefined }): boolean =>
  card.action_menu === undefined || card.task_id !== undefined
const unnamed = { message: 'a card with a menu needs a task_id', path: ['task_id'] }

/** What a robot may show. */
export const NoticeCard = z
  .discriminatedUnion('card_type', [TextNotice, NewsNotice])
  .refine(says, unsaid)
  .refine(menuNeedsId, unnamed)
export type NoticeCard = z.infer<typeof NoticeCard>

/** What the app may show to members. */
export const Card = z
  .discriminatedUnion('card_type', [TextNotice, NewsNotice, ButtonCard, VoteCard, MultipleCard])
  .refine(says, unsaid)
  .refine(menuNeedsId, unnamed)
export type Card = z.infer<typeof Card>

/** The words a list shows of a card. */
export const cardTitle = ({ main_title, sub_title_text }: Pick<Card, 'main_title' | 'sub_title_text'>): string =>
  main_title?.title ?? sub_title_text ?? ''
