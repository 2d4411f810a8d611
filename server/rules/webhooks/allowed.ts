import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6 } from 'node:net'

const inside = new BlockList()
for (const [net, bits] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12],
  ['192.0.0.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['224.0.0.0', 3],
] as const) inside.addSubnet(net, bits) // prettier-ignore
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(net, bits, 'ipv6')

/** Whether an address is of this machine or its network, which a rule must not call. */
export const isInside = (address: string): boolean => {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  return inside.check(mapped ?? address, mapped === undefined && isIPv6(address) ? 'ipv6' : 'ipv4')
}

/**
 * Why an address may not be called; null: it may. Only https on the open web, and the hosts named in the settings, which whoever runs the
 * server trusts.
 */
export const refusedAddress = async (url: string, trusted: ReadonlySet<string>): Promise<string | null> => {
  const { protocol, hostname, host } = new URL(url)
  if (trusted.has(host) || trusted.has(hostname)) return null
  if (protocol !== 'https:') return 'not https'
  const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true })
  return found.some(({ address }) => isInside(address)) ? 'address within the network' : null
}
