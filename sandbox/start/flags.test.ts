import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { optionsOf, program } from '../wecom/flags.ts'
import { FlagError, readFlags } from './flags.ts'

const programs = { wecom: '../dist/wecom.js', mongo: '../dist/mongo.js' }
const run = (name: keyof typeof programs, lang: string, ...args: string[]) => {
  const file = join(import.meta.dirname, programs[name])
  const { LC_ALL: _all, LC_MESSAGES: _messages, ...env } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    encoding: 'utf8',
    env: { ...env, LANG: lang },
  })
  return { status, stdout, stderr: stderr.trim() }
}

test.each(['wecom', 'mongo'] as const)('%s: help and errors in the person’s language', (name) => {
  const english = run(name, 'en_US.UTF-8', '--help')
  expect(english).toMatchObject({ status: 0, stderr: '' })
  expect(english.stdout).toMatch(new RegExp(`^zhiyin-${name}: [^]*--data DIR[^]*--help +this text`))
  expect(run(name, 'zh_CN.UTF-8', '--port', 'x')).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`^zhiyin-${name}: --port .*“x”`)),
  })
})

const wecom = (...args: string[]) => optionsOf(readFlags(program, args))

test('what is given becomes options, the rest has defaults', () => {
  expect(wecom('--port', '3001', '--data=none', '--retry-ms', '20,40', '--webview-port', '0')).toMatchObject({
    port: 3001,
    data: null,
    retryMs: [20, 40],
    webviewPort: 0,
    host: '127.0.0.1',
  })
  expect(readFlags(program, ['--reset', '--data', 'x']).has('reset')).toBe(true)
})

test.each([
  [['--prot', '3'], /--prot/],
  [['start'], /start/],
  [['--data', '--port'], /--data .*DIR\|none/],
  [['--data'], /--data .*DIR\|none/],
  [['--port', '99999'], /--port .*99999.*65535/],
  [['--port', ''], /--port/],
  [['--retry-ms', '20'], /--retry-ms .*20/],
  [['--reset=yes'], /--reset/],
  [['--aes-key', 'short', '--token', 'a_b'], /--token .*a_b[^]*--aes-key .*short/],
])('%j is refused by name', (args, message) => {
  const attempt = () => wecom(...args)
  expect(attempt).toThrow(FlagError)
  expect(attempt).toThrow(message)
})
