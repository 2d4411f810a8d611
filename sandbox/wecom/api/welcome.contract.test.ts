import { contract, nothing } from '../testing/contract.ts'
import type { Sandbox } from '../testing/harness.ts'
import { welcome } from './welcome.ts'

const prepare = async (sandbox: Sandbox) => {
  await sandbox.member('lina')
  return { code: (await sandbox.friends('lina')).code }
}

contract(welcome, prepare, {
  '/cgi-bin/externalcontact/send_welcome_msg': {
    good: ({ code }) => ({ welcome_code: code, text: { content: '欢迎' } }),
    shape: nothing,
    bad: ({ code }) => [
      [{ text: { content: 'x' } }, 41049],
      [{ welcome_code: 'unknown', text: { content: 'x' } }, 41050],
      [{ welcome_code: code }, 40063],
      [{ welcome_code: code, text: { content: 'again' } }, 41051],
    ],
  },
})
