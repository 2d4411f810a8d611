import { createServer, type RequestListener } from 'node:http'
import { ConfigError } from '../config.ts'

/** A listening server. `drain` refuses new connections, lets open requests end, then resolves. */
export type Listening = { readonly port: number; drain(): Promise<void> }

/** How often a drain closes connections that are kept alive but idle: an answered request leaves one behind. */
const idleEveryMs = 50

const reasons: Readonly<Record<string, string>> = { EADDRINUSE: 'is in use', EACCES: 'is not permitted to this user' }

const explained = (error: NodeJS.ErrnoException, port: number): Error => {
  const reason = reasons[error.code ?? '']
  return reason === undefined ? error : new ConfigError([`PORT ${port} ${reason}`])
}

/** Listens on `port` (0: any free one). Rejects with a ConfigError when it is taken or not permitted. */
export const listen = async (answer: RequestListener, port: number): Promise<Listening> => {
  const server = createServer(answer)
  server.keepAliveTimeout = 65_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(explained(error, port)))
    server.listen(port, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    drain: async () => {
      const idle = setInterval(() => server.closeIdleConnections(), idleEveryMs)
      await new Promise<void>((resolve) => server.close(() => resolve()))
      clearInterval(idle)
    },
  }
}
