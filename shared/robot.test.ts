import { describe, expect, it } from 'vitest'
import { AppMessage, appParts } from './app-message.ts'
import { byteLength } from './bytes.ts'
import { Card, NoticeCard } from './card.ts'
import { maxRobotText, RobotMessage, robotParts, robotPerMinute } from './robot.ts'

const text = (value: string) => RobotMessage.parse({ kind: 'text', text: value, mentions: ['lina'] })

describe('a robot’s message', () => {
  it('counts bytes, not characters', () => {
    expect(RobotMessage.safeParse({ kind: 'text', text: '好'.repeat(maxRobotText / 3) }).success).toBe(true)
    expect(RobotMessage.safeParse({ kind: 'text', text: '好'.repeat(maxRobotText / 3 + 1) }).success).toBe(false)
    expect(
      RobotMessage.safeParse({ kind: 'news', articles: [{ title: '好'.repeat(43), url: 'https://a.cn/' }] }).success,
    ).toBe(false)
    expect(RobotMessage.safeParse({ kind: 'news', articles: [] }).success).toBe(false)
  })

  it('goes out in parts that mention members once', () => {
    const parts = robotParts(text('第一行\n'.repeat(300)))
    expect(parts).toHaveLength(2)
    expect(parts.map((part) => part.kind === 'text' && part.mentions)).toEqual([['lina'], []])
    for (const part of parts) expect(part.kind === 'text' && byteLength(part.text)).toBeLessThanOrEqual(2048)
    expect(robotParts(RobotMessage.parse({ kind: 'markdown', text: '好'.repeat(1300) }))).toHaveLength(1)
  })

  it('never needs more than a minute of its robot, whatever its lines', () => {
    for (let line = 900; line < 2040; line += 10) {
      const lines = `${'a'.repeat(line)}\n`.repeat(Math.floor(maxRobotText / (line + 1)))
      expect(robotParts(text(lines)).length).toBeLessThanOrEqual(robotPerMinute)
    }
  })
})

describe('a card', () => {
  const title = { main_title: { title: '到店' } }
  const action = { card_action: { type: 1, url: 'https://a.cn/' } }

  it('needs what its kind needs', () => {
    expect(NoticeCard.safeParse({ card_type: 'text_notice', ...title, ...action }).success).toBe(true)
    expect(NoticeCard.safeParse({ card_type: 'text_notice', ...title }).success).toBe(false)
    expect(NoticeCard.safeParse({ card_type: 'text_notice', ...action }).success).toBe(false)
    const buttons = { card_type: 'button_interaction', ...title, button_list: [{ text: '好', key: 'ok' }] }
    expect(Card.safeParse(buttons).success).toBe(false)
    expect(Card.safeParse({ ...buttons, task_id: 'a b' }).success).toBe(false)
    expect(Card.safeParse({ ...buttons, task_id: 'tsk_1@2' }).success).toBe(true)
    expect(NoticeCard.safeParse({ ...buttons, task_id: 'tsk_1@2' }).success).toBe(false)
  })
})

it('a long text of the app goes out in numbered parts', () => {
  const parts = appParts(AppMessage.parse({ kind: 'text', text: '好'.repeat(1000) }))
  expect(parts.map((part) => (part.kind === 'text' ? part.text.slice(-5) : ''))).toEqual(['(1/2)', '(2/2)'])
})
