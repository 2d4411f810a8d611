import { computed, type Ref, ref, watch } from 'vue'
import type { Company } from './api.ts'

/** Where the sidebar is opened: the app's sidebar page, behind the webview proxy when there is one. */
export function sidebarAddress(company: Pick<Company, 'app' | 'webviewUrl'>): URL | undefined {
  const { sidebarUrl } = company.app
  if (!URL.canParse(sidebarUrl)) return undefined
  const page = new URL(sidebarUrl)
  if (!company.webviewUrl) return page
  return new URL(page.pathname + page.search, company.webviewUrl)
}

/** What the sidebar's page was opened from: the chat's toolbar (in an internal group its board), a contact's profile, the attachment bar. */
export type SidebarFrom = 'tools' | 'profile' | 'attachment'

/**
 * Whether the sidebar is shown and from where. Another chat begins at the toolbar; beside a wide chat it stays open, but for internal
 * groups, whose board waits to be asked for.
 */
export function useSidebar(isWide: Readonly<Ref<boolean>>, chat: Readonly<Ref<string>>, isInternal: () => boolean) {
  const wanted = ref(isWide.value)
  const board = ref(false)
  const from = ref<SidebarFrom>('tools')
  const isOpen = computed({
    get: () => (isInternal() ? board.value : wanted.value),
    set(open: boolean) {
      if (isInternal()) board.value = open
      else wanted.value = open
    },
  })
  watch(chat, () => {
    from.value = 'tools'
    board.value = false
    if (!isWide.value) wanted.value = false
  })
  watch(isWide, (wide) => {
    wanted.value = wide
  })
  function show(opener: SidebarFrom) {
    from.value = opener
    isOpen.value = true
  }
  /** Closed; on a wide screen what was opened from elsewhere gives way to the toolbar's page. */
  function hide() {
    const wasTools = from.value === 'tools'
    from.value = 'tools'
    if (wasTools || !isWide.value) isOpen.value = false
  }
  return { isOpen, from, show, hide }
}
