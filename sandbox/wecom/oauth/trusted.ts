import type { World } from '../world.ts'

/** Whether a URL's host is the app's trusted domain; a domain without a port allows every port. */
export function isTrusted(world: World, url: string): boolean {
  const { trustedDomain } = world.settings()
  if (trustedDomain === '' || !URL.canParse(url)) return false
  const { host, hostname, protocol } = new URL(url)
  if (protocol !== 'http:' && protocol !== 'https:') return false
  return trustedDomain === hostname || trustedDomain === host
}
