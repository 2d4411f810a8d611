import type { WecomProbe } from '../../wecom/types.ts'
import { ok, unknown, whyOf, wrong, type Looks } from '../look.ts'
import type { VerifyFile } from '../verify-files.ts'

const TIMEOUT_MS = 5000
const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

export type DomainDeps = {
  publicUrl: string
  probe: Pick<WecomProbe, 'app'>
  verifyFile: () => Promise<VerifyFile | null>
}

/** A trusted domain without a port stands for every port. */
const isTrusted = (domain: string, { host, hostname }: URL): boolean => domain === host || domain === hostname

/** HTTPS, the trusted domain (可信域名) that OAuth and the JS-SDK need, and the file that proves it. */
export const domainLooks = ({ publicUrl, probe, verifyFile }: DomainDeps) => {
  const page = new URL(publicUrl)
  const looks: Looks<'https' | 'domain' | 'verify_file'> = {
    https: () => {
      if (page.protocol === 'https:') return Promise.resolve(ok('https.ok', { url: publicUrl }))
      const here = local.test(page.hostname)
      return Promise.resolve((here ? unknown : wrong)(here ? 'https.local' : 'https.missing', { url: publicUrl }))
    },
    domain: async () => {
      const { redirectDomain: domain } = await probe.app()
      if (domain === '') return wrong('domain.missing', { host: page.host })
      return isTrusted(domain, page) ? ok('domain.ok', { domain }) : wrong('domain.other', { domain, host: page.host })
    },
    verify_file: async () => {
      const file = await verifyFile()
      if (file === null) {
        const { redirectDomain } = await probe.app()
        return isTrusted(redirectDomain, page) ? ok('verify_file.done') : wrong('verify_file.none')
      }
      const url = `${page.origin}/${file.name}`
      try {
        const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) })
        const text = await response.text()
        if (response.status === 200 && text === file.content) return ok('verify_file.ok', { name: file.name })
        const why = response.status === 200 ? 'another content' : `HTTP ${response.status}`
        return wrong('verify_file.unread', { url, why })
      } catch (error) {
        return wrong('verify_file.unread', { url, why: whyOf(error) })
      }
    },
  }
  return looks
}
