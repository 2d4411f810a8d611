import { connect, createServer, type Socket } from 'node:net'
import { labelOf, onMessages } from './dying.ts'
import { joined } from './joined.ts'

/** A relay in front of a database that can keep a write back, so that who wrote it can be killed just there. */
export type Holding = {
  readonly url: string
  /** Keeps back, for ever, the next command whose label (`insert intents`) fits; resolves once it has come. */
  holdNext(label: RegExp): Promise<string>
  close(): Promise<void>
}

export const startHolding = async (address: string): Promise<Holding> => {
  const { hostname, port } = new URL(address)
  const open = new Set<Socket>()
  let wanted: { readonly label: RegExp; readonly came: (label: string) => void } | null = null

  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    joined(near, far, open)
    onMessages(near, (message) => {
      const label = wanted === null ? '' : labelOf(message)
      if (!wanted?.label.test(label)) return void far.write(message)
      wanted.came(label)
      wanted = null
    })
    far.on('data', (bytes) => void near.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const listening = server.address()
  const url = new URL(address)
  url.host = `127.0.0.1:${typeof listening === 'object' && listening !== null ? listening.port : 0}`
  return {
    url: url.href,
    holdNext: (label) =>
      new Promise((came) => {
        wanted = { label, came }
      }),
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
