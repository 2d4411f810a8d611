import { connect, type Socket } from 'node:net'

/** One prepared HTTP/1.1 request, ready to be written to a socket. */
export const prepare = (host: string, path: string, body: string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: text/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )

export type LoadResult = {
  requests: number
  seconds: number
  perSecond: number
  failures: number
  p50Ms: number
  p99Ms: number
  maxMs: number
}

const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0

/** Sends one request over a kept-alive socket and waits for the whole answer; answers the status. */
const exchange = (socket: Socket, request: Buffer): Promise<number> =>
  new Promise((resolve, reject) => {
    let text = ''
    const done = (act: () => void): void => {
      socket.off('data', onData)
      socket.off('error', onError)
      socket.off('close', onClose)
      act()
    }
    const onError = (error: Error): void => done(() => reject(error))
    const onClose = (): void => done(() => reject(new Error('closed')))
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      const head = text.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
      if (text.length >= head + 4 + length) done(() => resolve(Number(text.slice(9, 12))))
    }
    socket.on('data', onData)
    socket.once('error', onError)
    socket.once('close', onClose)
    socket.write(request)
  })

const open = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.setNoDelay(true)
    socket.once('error', reject)
  })

/**
 * Fires prepared requests at a port. Without `perSecond` each connection sends the next as soon as it has its answer (peak);
 * with it requests start on schedule and the time counts from when each should have started, so that waiting is not hidden.
 */
export const fire = async (
  port: number,
  requests: readonly Buffer[],
  connections: number,
  perSecond?: number,
): Promise<LoadResult> => {
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)))
  const latencies = new Float64Array(requests.length)
  let next = 0
  let failures = 0
  const began = performance.now()
  const work = async (socket: Socket): Promise<void> => {
    for (;;) {
      const index = next++
      const request = requests[index]
      if (request === undefined) return
      const due = perSecond === undefined ? performance.now() : began + (index / perSecond) * 1000
      const early = due - performance.now()
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
      const status = await exchange(socket, request)
      if (status !== 200) failures++
      latencies[index] = performance.now() - due
    }
  }
  await Promise.all(sockets.map(work))
  const seconds = (performance.now() - began) / 1000
  for (const socket of sockets) socket.destroy()
  latencies.sort()
  return {
    requests: requests.length,
    seconds,
    perSecond: requests.length / seconds,
    failures,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    maxMs: quantile(latencies, 1),
  }
}
