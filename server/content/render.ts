import { attachmentLimits, type Attachment, type ContentBody } from '@zhiyin/shared/content'
import { tiers, type Tier } from '@zhiyin/shared/tier'
import type { Clock } from '../platform/clock.ts'
import type { ContentItem } from './item.ts'
import { compile } from './template.ts'
import { cutBytes } from '@zhiyin/shared/bytes'
import type { Vars } from './vars.ts'

/** A message to a customer holds at most this much text (limits.md §9). */
const maxTextBytes = 4000
/** Another process may have changed the content; look again after this long. */
const freshMs = 1000
const maxKept = 500

type Compiled = (vars: Vars) => ContentBody
type Kept = { updatedAt: number; checkedAt: number; bodies: Map<Tier, Compiled> }

const compileAttachment = (attachment: Attachment): ((vars: Vars) => Attachment) => {
  if (attachment.type !== 'link' && attachment.type !== 'miniprogram') return () => attachment
  const title = compile(attachment.title)
  if (attachment.type === 'miniprogram')
    return (vars) => ({ ...attachment, title: cutBytes(title.render(vars), attachmentLimits.miniprogramTitle) })
  const desc = attachment.desc === undefined ? null : compile(attachment.desc)
  return (vars) => ({
    ...attachment,
    title: cutBytes(title.render(vars), attachmentLimits.linkTitle),
    ...(desc === null ? {} : { desc: cutBytes(desc.render(vars), attachmentLimits.linkDesc) }),
  })
}

const compileBody = (body: ContentBody): Compiled => {
  const text = compile(body.text)
  const attachments = body.attachments.map(compileAttachment)
  return (vars) => ({
    text: cutBytes(text.render(vars), maxTextBytes),
    attachments: attachments.map((attachment) => attachment(vars)),
  })
}

type Deps = { load: (id: string) => Promise<ContentItem | null>; clock: Clock }

/** Renders content from templates compiled once per id and updatedAt; nothing is parsed per message. */
export const createRender = ({ load, clock }: Deps) => {
  const kept = new Map<string, Kept>()

  const fresh = async (id: string): Promise<Kept | null> => {
    const now = clock.now()
    const had = kept.get(id)
    if (had !== undefined && Math.abs(now - had.checkedAt) < freshMs) return had
    const item = await load(id)
    if (item === null) return null
    const updatedAt = item.updatedAt.getTime()
    if (had !== undefined && had.updatedAt === updatedAt) {
      had.checkedAt = now
      return had
    }
    const fallback = compileBody(item.body)
    const bodies = new Map(
      tiers.map((tier) => {
        const variant = item.variants[tier]
        return [tier, variant === undefined ? fallback : compileBody(variant)] as const
      }),
    )
    const made = { updatedAt, checkedAt: now, bodies }
    const oldest = kept.keys().next()
    if (kept.size >= maxKept && oldest.done !== true) kept.delete(oldest.value)
    kept.set(id, made)
    return made
  }

  return {
    render: async (id: string, tier: Tier, vars: Vars): Promise<ContentBody | null> =>
      (await fresh(id))?.bodies.get(tier)?.(vars) ?? null,
    forget: (id: string): void => void kept.delete(id),
  }
}
