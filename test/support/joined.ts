import type { Socket } from 'node:net'

/** The two ends of a relay's connection: each is in `open` while it is, and neither outlives the other. */
export const joined = (near: Socket, far: Socket, open: Set<Socket>): void => {
  for (const [socket, other] of [
    [near, far],
    [far, near],
  ] as const) {
    open.add(socket)
    socket.on('error', () => other.destroy())
    socket.on('close', () => {
      open.delete(socket)
      other.destroy()
    })
  }
}
