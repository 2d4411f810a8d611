import { createServer } from 'node:http'
import { z } from 'zod'

const Told = z.object({ stepId: z.string(), customer: z.object({ customerId: z.string() }) })

/** Another system that journeys call; `heard` is what they told it. `host` is what WEBHOOK_HOSTS names. */
export const startHook = async () => {
  const heard: z.infer<typeof Told>[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (piece: Buffer) => (body += piece.toString()))
    request.on('end', () => {
      heard.push(Told.parse(JSON.parse(body)))
      response.writeHead(204).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const host = `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    host,
    url: `http://${host}/hook`,
    heard,
    close: (): Promise<void> => new Promise((resolve) => void server.close(() => resolve())),
  }
}
export type Hook = Awaited<ReturnType<typeof startHook>>
