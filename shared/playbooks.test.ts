import { describe, expect, it } from 'vitest'
import { ContentInput } from './content.ts'
import { contentOf, contentParts, Playbook, playbookOf, rulesOf, talkOf, trades } from './playbooks.ts'
import { TalkTrackInput } from './talk-track.ts'
import { langs } from './text.ts'

const texts = trades.flatMap((trade) =>
  langs.flatMap((lang) =>
    contentParts(rulesOf(trade)).map((part) => ({
      of: `${trade.id} ${part} ${lang}`,
      content: contentOf(trade, part, lang),
    })),
  ),
)

describe('playbooks', () => {
  it('have the rules their trade has words for', () => {
    const usual = ['welcome', 'second_order', 'replenish', 'birthday', 'silent_30', 'lost_90', 'vip_care']
    expect(Object.fromEntries(trades.map((trade) => [trade.id, rulesOf(trade)]))).toEqual({
      beauty: usual,
      education: [...usual, 'graduate'],
      restaurant: usual,
    })
  })

  it.each(texts)('says $of, with words of its own for the best customers', ({ content }) => {
    expect(ContentInput.parse(content)).toEqual(content)
    expect(content.variants.flatMap(({ when }) => when.tiers)).toContain('A')
    for (const { body } of [content, ...content.variants]) expect(body.text.trim().length).toBeGreaterThan(20)
  })

  it('say nothing twice, and nothing in Chinese to who reads English', () => {
    const said = texts.flatMap(({ content: { body, variants } }) => [
      body.text,
      ...variants.map((own) => own.body.text),
    ])
    expect(new Set(said).size).toBe(said.length)
    for (const trade of trades)
      expect(JSON.stringify(playbookOf(trade, 'en', () => null))).not.toMatch(/\p{Script=Han}/u)
  })

  it.each(langs)('are whole in %s', (lang) => {
    for (const trade of trades) {
      const playbook = playbookOf(trade, lang, (rule) => (rule === 'welcome' ? 'rul_1' : null))
      expect(Playbook.parse(playbook)).toEqual(playbook)
      expect(playbook.rules.filter(({ ruleId }) => ruleId !== null).map(({ key }) => key)).toEqual(['welcome'])
      for (const track of talkOf(trade, lang)) expect(TalkTrackInput.parse(track)).toEqual(track)
    }
  })
})
