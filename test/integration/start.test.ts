import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { startWith } from '../support/start.ts'
import { freePort } from '../../sandbox/stack/process.ts'

const built = 'sandbox/dist/start.js'
const folder = mkdtempSync(join(tmpdir(), 'zhiyin-start-'))
chmodSync(folder, 0o755)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const languages = [
  ['en', 'C'],
  ['zh', 'zh_CN.UTF-8'],
] as const
const isRoot = process.getuid?.() === 0
/** A program in front that gives up root, whom no permission stops; nothing for everybody else. */
const unprivileged = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : []

const takenPort = async (): Promise<number> => {
  const port = await freePort()
  const other = createServer()
  await new Promise<void>((listening) => other.listen(port, '127.0.0.1', listening))
  onTestFinished(() => new Promise((closed) => void other.close(() => closed())))
  return port
}

/** Ends with an error and says nothing but one sentence. */
const refusal = async (args: readonly string[], how: Parameters<typeof startWith>[1]): Promise<string> => {
  const started = startWith(args, { script: built, ...how })
  expect(await started.ended).toBe(1)
  const lines = started.output().trim().split('\n')
  expect(lines).toHaveLength(1)
  return lines[0] ?? ''
}

describe.each(languages)('npm start says in one sentence (%s)', (lang, LANG) => {
  const data = join(folder, lang)
  const say = (zh: string, en: string): string => (lang === 'zh' ? zh : en)

  it('that a port is in use, and how to choose another', async () => {
    const port = await takenPort()
    const said = await refusal(['--data', data, '--port', String(port)], { env: { LANG } })
    expect(said).toContain(say(`端口 ${port} 已被占用`, `Port ${port} is in use`))
    expect(said).toContain(`npm start -- --port ${port + 100}`)
    const free = String(await freePort())
    expect(await refusal(['--data', data, '--port', free, '--wecom-port', String(port)], { env: { LANG } })).toContain(
      '--wecom-port',
    )
  })

  it.each([
    [['--port', '80a'], '--port 要一个 1 到 65535 的端口号，不是「80a」', '--port needs a port from 1 to 65535'],
    [['--port', '4000', '--wecom-port', '4000'], '不能相同', 'must differ'],
    [['--prot', '4000'], '--no-demo', '--no-demo'],
  ])('that %j is wrong', async (args, zh, en) => {
    expect(await refusal(['--data', data, ...args], { env: { LANG } })).toContain(say(zh, en))
  })

  it('that the data folder cannot be written', async () => {
    const locked = join(folder, `locked-${lang}`)
    mkdirSync(locked, { mode: 0o555 })
    const said = await refusal(['--data', join(locked, 'data')], { as: unprivileged, env: { LANG } })
    expect(said).toContain(join(locked, 'data'))
    expect(said).toContain(say('（EACCES）：请检查它的权限', '(EACCES): check its permissions'))
  })

  it('that the data folder is a file', async () => {
    const file = join(folder, `file-${lang}`)
    writeFileSync(file, '')
    expect(await refusal(['--data', file], { env: { LANG } })).toContain(say('不是文件夹', 'is not a folder'))
  })

  it('that it runs already on this folder', async () => {
    const busy = join(folder, `busy-${lang}`)
    mkdirSync(busy)
    const at = { server: '', public: '', wecom: '', adminKey: '', writeKey: '' }
    writeFileSync(join(busy, 'sandbox.json'), JSON.stringify({ pid: process.pid, children: [], ...at }))
    expect(await refusal(['--data', busy], { env: { LANG } })).toContain(say('已经在运行', 'already running'))
  })

  it('that --reset does not delete what is not its own', async () => {
    const foreign = join(folder, `foreign-${lang}`)
    mkdirSync(foreign)
    writeFileSync(join(foreign, 'thesis.txt'), 'years of work')
    const ports = ['--port', String(await freePort()), '--wecom-port', String(await freePort())]
    expect(await refusal(['--data', foreign, '--reset', ...ports], { env: { LANG } })).toContain('--reset')
    expect(readFileSync(join(foreign, 'thesis.txt'), 'utf8')).toBe('years of work')
  })
})

/** A PATH with what the start needs, a package manager that only writes down what it was told, and no redis-server. */
const bareMachine = (name: string): { PATH: string; told(): string } => {
  const bin = join(folder, name)
  const log = join(folder, `${name}.log`)
  mkdirSync(bin)
  symlinkSync(process.execPath, join(bin, 'node'))
  symlinkSync('/bin/sh', join(bin, 'sh'))
  writeFileSync(log, '')
  chmodSync(log, 0o666)
  writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> ${log}\n`, { mode: 0o755 })
  return { PATH: bin, told: () => readFileSync(log, 'utf8') }
}

describe('without redis-server', () => {
  const [, ...setpriv] = unprivileged

  it('and without a terminal, somebody who is not root is told what to run', async () => {
    for (const [lang, LANG] of languages) {
      const { PATH, told } = bareMachine(`user-${lang}`)
      const as = setpriv.length > 0 ? ['/usr/bin/setpriv', ...setpriv] : []
      const started = startWith(['--data', join(folder, 'none')], { as, env: { PATH, LANG, REDIS_URL: '' } })
      expect(await started.ended).toBe(1)
      expect(started.output()).toContain(lang === 'zh' ? '知音需要 redis-server。' : 'Zhiyin needs redis-server.')
      expect(started.output()).toContain('sudo apt-get install -y -qq --no-install-recommends redis-server')
      expect(told()).toBe('')
    }
  })

  it.each(isRoot ? ['root'] : [])('and without a terminal, %s has it installed at once', async () => {
    const { PATH, told } = bareMachine('root')
    const port = await takenPort()
    const started = startWith(['--data', join(folder, 'root-data'), '--port', String(port)], {
      env: { PATH, REDIS_URL: '' },
    })
    expect(await started.ended).toBe(1)
    expect(started.output()).toContain(`Port ${port} is in use`)
    expect(told().trim().split('\n')).toEqual([
      'noninteractive update -qq',
      'noninteractive install -y -qq --no-install-recommends redis-server',
    ])
  })
})
