import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FlagError, helpOf, readFlags } from '../start/flags.ts'
import { t } from '../start/language.ts'
import { optionsOf, program } from './flags.ts'
import type { WecomOptions } from './options.ts'
import { startWecom, type Wecom } from './server.ts'
import { journalFile } from './store/journal.ts'

/** The chat page as it is built, beside the built program or seen from the source; null before it is built. */
function builtPage(): string | null {
  const here = import.meta.dirname
  const folders = [join(here, 'page'), join(here, '../dist/page')]
  return folders.find((folder) => existsSync(join(folder, 'assets'))) ?? null
}

/** One sentence for the person who started the program. */
function sentence(error: unknown, { port, data }: WecomOptions): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE')
    return t(`端口 ${port} 已被占用；换一个 --port，或用 0`, `port ${port} is in use; choose another --port, or 0`)
  if (code === 'EACCES' || code === 'EPERM')
    return t(`没有权限使用端口 ${port} 或目录 ${data ?? ''}`, `no permission for port ${port} or folder ${data ?? ''}`)
  return error instanceof Error ? error.message : String(error)
}

function tell({ url, webviewPort }: Wecom, { host }: WecomOptions): void {
  if (!process.stdout.isTTY) return
  const webview = webviewPort === null ? '' : `  webview  http://${host}:${webviewPort}\n`
  process.stderr.write(
    `${t('聊天页面', 'chat page')}  ${url}/\n${t('管理接口', 'admin API')}  ${url}/sandbox/docs\n${webview}`,
  )
}

async function run(): Promise<void> {
  const given = readFlags(program, process.argv.slice(2))
  if (given.has('help')) {
    process.stdout.write(helpOf(program))
    return
  }
  const options = optionsOf(given)
  if (!given.has('page')) options.page = builtPage()
  if (given.has('reset') && options.data !== null) rmSync(journalFile(options.data), { force: true })
  const wecom = await startWecom(options).catch((error: unknown) => {
    throw new FlagError(sentence(error, options))
  })
  console.log(JSON.stringify({ ready: true, port: wecom.port, webviewPort: wecom.webviewPort }))
  tell(wecom, options)
  const stop = (): void => {
    void wecom.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

try {
  await run()
} catch (error) {
  if (!(error instanceof FlagError)) throw error
  process.stderr.write(`zhiyin-wecom: ${error.message}\n`)
  process.exitCode = 2
}
