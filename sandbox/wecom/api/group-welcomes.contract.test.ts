import { z } from 'zod'
import { contract, nothing, over, text } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { groupWelcomes } from './group-welcomes.ts'

const link = { title: '看看', url: 'https://a' }

const prepare = async (sandbox: Sandbox) => {
  const add = async (token?: string) => {
    const body = { text: { content: '欢迎 %NICKNAME%' }, link }
    return text.parse((await sandbox.post('externalcontact/group_welcome_template/add', body, token))['template_id'])
  }
  return { own: await add(), others: await add(await sandbox.token('contact')) }
}

contract(groupWelcomes, prepare, {
  '/cgi-bin/externalcontact/group_welcome_template/add': {
    good: () => ({ text: { content: '欢迎 %NICKNAME%' }, link, notify: 0 }),
    shape: z.strictObject({ template_id: text.min(1) }),
    bad: () => [
      [{}, 40063],
      [{ text: { content: '' } }, 40063],
      [{ text: { content: over(3000) } }, 40058],
      [{ image: {} }, 40063],
      [{ image: { media_id: 'gone' } }, 40007],
      [{ link: { title: over(128), url: 'https://a' } }, 40058],
      [{ text: { content: 'x' }, notify: 2 }, 40058],
    ],
  },
  '/cgi-bin/externalcontact/group_welcome_template/edit': {
    good: ({ own }) => ({ template_id: own, text: { content: '新词' }, link }),
    shape: nothing,
    bad: ({ own, others }) => [
      [{ template_id: others, text: { content: 'x' } }, 41058],
      [{ template_id: 'x', text: { content: 'x' } }, 40058],
      [{ template_id: own }, 40063],
    ],
  },
  '/cgi-bin/externalcontact/group_welcome_template/get': {
    good: ({ others }) => ({ template_id: others }),
    shape: z.strictObject({
      text: z.strictObject({ content: z.literal('欢迎 %NICKNAME%') }),
      link: z.strictObject({ title: text, url: text }),
    }),
    bad: () => [
      [{ template_id: 'x' }, 40058],
      [{}, 40063],
    ],
  },
  '/cgi-bin/externalcontact/group_welcome_template/del': {
    good: ({ own }) => ({ template_id: own }),
    shape: nothing,
    bad: ({ own, others }) => [
      [{ template_id: own }, 40058],
      [{ template_id: others }, 41058],
    ],
    last: true,
  },
})
