import { parseArgs } from 'node:util'
import { startWecom } from './server.ts'
import type { WecomOptionsInput } from './options.ts'

const HELP = `WeCom stand-in
  --port N             0 = any free port (default 0)
  --host HOST          default 127.0.0.1
  --data DIR|none      where to keep the state (default none: memory only)
  --corp-id, --contact-secret, --agent-id, --agent-secret, --token, --aes-key
  --webview-port N     0 = any; left out = no webview proxy
  --upstream URL       the product the webview shows (default http://127.0.0.1:3000)
  --page DIR           the built chat page, served at /
`

const text = { type: 'string' } as const
const { values } = parseArgs({
  options: {
    port: text,
    host: text,
    data: text,
    'corp-id': text,
    'contact-secret': text,
    'agent-id': text,
    'agent-secret': text,
    token: text,
    'aes-key': text,
    'webview-port': text,
    upstream: text,
    page: text,
    help: { type: 'boolean' },
  },
})

/** Only what was given on the command line; the rest has defaults. */
function given(): WecomOptionsInput {
  const options: WecomOptionsInput = {}
  if (values.port !== undefined) options.port = Number(values.port)
  if (values.host !== undefined) options.host = values.host
  if (values.data !== undefined && values.data !== 'none') options.data = values.data
  if (values['corp-id'] !== undefined) options.corpId = values['corp-id']
  if (values['contact-secret'] !== undefined) options.contactSecret = values['contact-secret']
  if (values['agent-id'] !== undefined) options.agentId = values['agent-id']
  if (values['agent-secret'] !== undefined) options.agentSecret = values['agent-secret']
  if (values.token !== undefined) options.token = values.token
  if (values['aes-key'] !== undefined) options.aesKey = values['aes-key']
  if (values['webview-port'] !== undefined) options.webviewPort = Number(values['webview-port'])
  if (values.upstream !== undefined) options.upstream = values.upstream
  if (values.page !== undefined) options.page = values.page
  return options
}

async function run(): Promise<void> {
  const wecom = await startWecom(given())
  console.log(JSON.stringify({ ready: true, port: wecom.port, webviewPort: wecom.webviewPort }))
  const stop = (): void => {
    void wecom.close().then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

if (values.help === true) process.stdout.write(HELP)
else {
  try {
    await run()
  } catch (error) {
    process.stderr.write(`wecom: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exitCode = 1
  }
}
