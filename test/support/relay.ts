import { connect, createServer, type Socket } from 'node:net'
import { joined } from './joined.ts'

/** A TCP relay in front of a store: `cut` ends every connection and takes no more until `mend`; `stall` lets nothing through until then. */
export type Relay = { readonly port: number; cut(): void; stall(): void; mend(): void; close(): Promise<void> }

export const startRelay = async (target: { host: string; port: number }): Promise<Relay> => {
  const open = new Set<Socket>()
  let away = false
  let stalled = false
  const server = createServer((near) => {
    if (away) return void near.destroy()
    const far = connect(target.port, target.host)
    joined(near, far, open)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('data', (bytes) => void other.write(bytes))
      if (stalled) socket.pause()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const endAll = (): void => {
    for (const socket of open) socket.destroy()
  }
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cut: () => {
      away = true
      endAll()
    },
    stall: () => {
      stalled = true
      for (const socket of open) socket.pause()
    },
    mend: () => {
      away = false
      stalled = false
      for (const socket of open) socket.resume()
    },
    close: async () => {
      endAll()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
