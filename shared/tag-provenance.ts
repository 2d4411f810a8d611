import type { CustomerTag } from './customer.ts'

/** Kept on by a tag rule: it goes by itself, and once a person has taken it off no rule puts it on again. */
export const isRuled = ({ because }: Pick<CustomerTag, 'because'>): boolean =>
  because.some(({ code }) => code === 'tag.by_tag_rule')
