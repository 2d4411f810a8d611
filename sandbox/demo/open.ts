import { z } from 'zod'
import { manners } from '../population/manners.ts'
import type { Person } from '../population/person.ts'
import { chanceOf } from '../population/random.ts'
import type { Scene } from './scene.ts'

const Card = z.object({ link: z.object({ url: z.url() }) })
/** The product counts who reads, not what fetches: a customer reads in WeChat. */
const inWechat = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) MicroMessenger/8.0.49' }

/** Somebody may open the cards of a message they got; the same message always goes the same way. */
export const mayOpen = async (
  { population, book }: Scene,
  person: Person,
  message: string,
  attachments: readonly unknown[],
): Promise<void> => {
  if (population.isStar(person.index)) return
  if (!chanceOf(book.pages.seed, 'open', person.index, message).is(manners[person.worth].clicks)) return
  for (const one of attachments) {
    const card = Card.safeParse(one)
    if (!card.success) continue
    const answer = await fetch(card.data.link.url, { redirect: 'manual', headers: inWechat })
    await answer.arrayBuffer()
  }
}
