import type { z } from 'zod'
import type { ContentInput } from '@zhiyin/shared/content'
import type { Stage } from '@zhiyin/shared/stage'

export type Given = z.input<typeof ContentInput>
export type Body = Given['body']
type Variants = NonNullable<Given['variants']>

const shop = 'https://shop.example.com'
export const link = (title: string, path: string, desc: string): NonNullable<Body['attachments']>[number] => ({
  type: 'link',
  title,
  url: `${shop}/${path}`,
  desc,
})

export const perTier = (bodies: Partial<Record<'A' | 'B' | 'C', Body>>): Variants =>
  (['A', 'B', 'C'] as const).flatMap((tier) => {
    const body = bodies[tier]
    return body === undefined ? [] : [{ when: { tiers: [tier] }, body }]
  })

export const inStages = (stages: Stage[], body: Body): Variants => [{ when: { stages }, body }]
