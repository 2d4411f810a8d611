import type { ContentBody, ContentInput } from '@zhiyin/shared/content'
import { compile } from './template.ts'

/** The parts of a body that are templates: the text, and the title and description of a card. */
const textsOf = (body: ContentBody): string[] => [
  body.text,
  ...body.attachments.flatMap((attachment) => {
    if (attachment.type === 'link') return [attachment.title, attachment.desc ?? '']
    return attachment.type === 'miniprogram' ? [attachment.title] : []
  }),
]

/** Throws content.template for the first template that is wrong. */
export const checkTemplates = (input: ContentInput): void => {
  for (const body of [input.body, ...Object.values(input.variants)]) {
    if (body !== undefined) for (const text of textsOf(body)) compile(text)
  }
}
