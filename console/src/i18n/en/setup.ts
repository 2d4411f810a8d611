import type { setup as zh } from '../zh/setup.ts'

export const setup: typeof zh = {
  hint: 'Checks the connection with WeCom one by one; under what is wrong stands what to click in its admin console.',
  all: 'Check all',
  again: 'Check again',
  checking: 'Checking…',
  state: { ok: 'OK', wrong: 'Wrong', unknown: 'Unknown', none: 'Not yet' },
  nOk: '{n} OK',
  nWrong: '{n} wrong',
  nUnknown: '{n} unknown',
  faults: 'WeCom refuses {n} kinds of calls; this must be mended in its admin console',
  times: '{n} times',
  see: 'See the checks',
  callbackUrl: 'The URL to enter under 接收消息 → API接收:',
  noFile: 'Domain file: none yet',
  file: 'Domain file: {name}',
  upload: 'Upload the domain file',
  fileSaved: 'It is in the root of the site',
}
