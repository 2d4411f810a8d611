import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Bench } from './main.ts'
import { freePort, manage } from '../sandbox/stack/process.ts'
import { startStack } from '../sandbox/stack/stack.ts'
import { connect } from 'node:net'
import { median } from './lib/report.ts'
import { runLoad } from './lib/load-process.ts'

/** Many short rounds in turn: the machine's own noise lasts longer than one. */
const rounds = 9
const count = 10_000
const warmUp = 10_000
const connections = 64

const listening = (port: number) => (): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', reject)
  })

/**
 * Callbacks per second of ours (verified, decrypted, parsed and durably stored before the answer) against a bare Koa route that
 * only verifies, decrypts and parses; the two in turn, the load from a process of its own. Then ours at half its peak.
 * The web role alone runs, so that what is measured is receiving, not what follows.
 */
export const bench: Bench = {
  targets: { ratio: { atLeast: 0.5 }, p99_ms: { atMost: 100 } },
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhiyin-bench-'))
    const stack = await startStack({ root: process.cwd(), dataDir, split: true })
    await stack.processes.worker?.stop()
    const { WECOM_CALLBACK_TOKEN: token, WECOM_CALLBACK_AES_KEY: aesKey, WECOM_CORP_ID: corpId } = stack.secrets
    const barePort = await freePort()
    const bare = manage({
      name: 'bare',
      program: process.execPath,
      args: ['--import', 'tsx', 'bench/lib/bare-koa.ts', String(barePort), token, aesKey, corpId],
      logFile: join(dataDir, 'bare.log'),
      ready: listening(barePort),
    })
    try {
      await bare.start()
      const load = (port: number, series: string, requests: number, perSecond?: number) =>
        runLoad({
          port,
          path: '/wecom/callback',
          token,
          aesKey,
          corpId,
          count: requests,
          connections,
          series,
          now: Math.floor(Date.now() / 1000),
          ...(perSecond === undefined ? {} : { perSecond }),
        })
      const ownPort = Number(new URL(stack.serverUrl).port)
      await load(ownPort, 'warm', warmUp)
      await load(barePort, 'warm', warmUp)
      const ours: number[] = []
      const bares: number[] = []
      const ratios: number[] = []
      let failures = 0
      for (let round = 0; round < rounds; round++) {
        const own = await load(ownPort, `r${round}x`, count)
        const other = await load(barePort, `r${round}x`, count)
        failures += own.failures + other.failures
        ours.push(own.perSecond)
        bares.push(other.perSecond)
        ratios.push(own.perSecond / other.perSecond)
        console.log(
          `  round ${round + 1} of ${rounds}: ours ${own.perSecond.toFixed(0)}/s, bare ${other.perSecond.toFixed(0)}/s`,
        )
      }
      const half = await load(ownPort, 'half', Math.round(median(ours) * 4), median(ours) / 2)
      return {
        ratio: median(ratios),
        ratio_min: Math.min(...ratios),
        ratio_max: Math.max(...ratios),
        ours_per_s: median(ours),
        bare_per_s: median(bares),
        half_peak_per_s: half.perSecond,
        p50_ms: half.p50Ms,
        p99_ms: half.p99Ms,
        failures: failures + half.failures,
      }
    } finally {
      await bare.stop()
      await stack.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
}
