import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { api } from '@zhiyin/shared/api'
import { freePort } from '../../sandbox/stack/process.ts'
import { startWith, type Started } from '../support/start.ts'
import { reach, type Reach } from '../support/world.ts'

const run = promisify(execFile)
const Running = z.object({
  children: z.array(z.int()),
  server: z.string(),
  wecom: z.string(),
  adminKey: z.string(),
  writeKey: z.string(),
})
const Nothing = z.object({})

describe('npm start', () => {
  const data = mkdtempSync(join(tmpdir(), 'zhiyin-npm-start-'))
  let started: Started | null = null
  afterEach(async () => {
    started?.ctrlC()
    await started?.ended
  })
  afterAll(() => rmSync(data, { recursive: true, force: true }))

  const begin = async (...more: string[]): Promise<Started> => {
    const ports = ['--port', String(await freePort()), '--wecom-port', String(await freePort())]
    started = startWith(['--no-demo', '--data', data, ...ports, ...more], {})
    return started
  }
  const running = () => Running.parse(JSON.parse(readFileSync(join(data, 'sandbox.json'), 'utf8')))
  const enter = (): Reach => {
    const { server, wecom, adminKey, writeKey } = running()
    return reach({
      serverUrl: server,
      wecomUrl: wecom,
      secrets: { ADMIN_API_KEY: adminKey, INGEST_WRITE_KEY: writeKey },
    })
  }
  /** Every process that has the data folder in its arguments or, as the server, in its environment. */
  const alive = async (): Promise<string[]> => {
    const { stdout } = await run('ps', ['axeww', '-o', 'pid=,args='], { maxBuffer: 64 * 1024 * 1024 })
    return stdout.split('\n').filter((line) => line.includes(data) && !line.includes('<defunct>'))
  }
  const ended = async (stopped: Started): Promise<void> => {
    expect(await stopped.ended).toBe(0)
    started = null
    expect(await alive()).toEqual([])
  }

  it('ends with its addresses; Ctrl-C stops every child and keeps the data', async () => {
    const first = await begin()
    await first.says('Queue board')
    for (const page of ['Chat with sidebar', 'Console', 'API docs', 'Queue board']) {
      const [, url = ''] = new RegExp(`${page}\\s+(http\\S+)`).exec(first.output()) ?? []
      expect((await fetch(url)).status, page).toBe(200)
    }
    const world = enter()
    await world.act('members', { userid: 'lina', name: '李娜' }, Nothing)
    await world.call(api.members.sync)
    await world.call(api.tags.create, { body: { name: '门店海报', group: '渠道' } })
    expect(running().children.length).toBe(4)
    first.ctrlC()
    await ended(first)
    expect(first.output()).toContain('Data stays')
    expect(first.output()).not.toContain('✗')

    const second = await begin()
    await second.says('Queue board')
    const again = enter()
    expect((await again.call(api.tags.list)).items.map(({ name }) => name)).toEqual(['门店海报'])
    expect((await again.state()).members.map(({ name }) => name)).toContain('李娜')
  })

  it('--reset begins anew', async () => {
    const before = readFileSync(join(data, 'secrets.json'), 'utf8')
    const third = await begin('--reset')
    await third.says('Queue board')
    expect(readFileSync(join(data, 'secrets.json'), 'utf8')).not.toBe(before)
    expect((await enter().call(api.tags.list)).items).toEqual([])
  })

  it.each(['Redis', 'WeCom stand-in', 'Zhiyin server'])(
    'Ctrl-C just after “%s” leaves nothing behind',
    async (step) => {
      const early = await begin()
      await early.says(`✓ ${step}`)
      early.ctrlC()
      await ended(early)
    },
  )

  it('what a killed start left behind is ended by the next one', async () => {
    const first = await begin()
    await first.says('Queue board')
    const { children } = running()
    process.kill(-first.pid, 'SIGKILL')
    await first.ended
    expect((await alive()).length).toBeGreaterThan(0)
    const next = await begin()
    await next.says('Queue board')
    const pids = (await alive()).map((line) => Number(line.trim().split(/\s+/)[0]))
    expect(pids.filter((pid) => children.includes(pid))).toEqual([])
    next.ctrlC()
    await ended(next)
  })
})
