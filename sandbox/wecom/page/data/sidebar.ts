import type { Company } from './api.ts'

/** Where the sidebar is opened: the app's sidebar page, behind the webview proxy when there is one. */
export function sidebarAddress(company: Pick<Company, 'app' | 'webviewUrl'>): URL | undefined {
  const { sidebarUrl } = company.app
  if (!URL.canParse(sidebarUrl)) return undefined
  const page = new URL(sidebarUrl)
  if (!company.webviewUrl) return page
  return new URL(page.pathname + page.search, company.webviewUrl)
}
