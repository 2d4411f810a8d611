import { ref, watch } from 'vue'

const USER_COOKIE = 'wecom_sandbox_user'

/**
 * Who acts and which conversation is open, kept in the address bar: `/?as=lina&chat=wm…`. `as` is a member's userid, or a
 * customer's external_userid for the customer view; `chat` is the other side's id, a chat_id, `app` or `mass`.
 */
export function useAddress(scope: Pick<Window, 'location' | 'history'>) {
  const query = new URLSearchParams(scope.location.search)
  const as = ref(query.get('as') ?? '')
  const chat = ref(query.get('chat') ?? '')

  watch([as, chat], () => {
    const next = new URLSearchParams(scope.location.search)
    for (const [name, value] of [
      ['as', as.value],
      ['chat', chat.value],
    ] as const) {
      if (value) next.set(name, value)
      else next.delete(name)
    }
    scope.history.replaceState(null, '', `?${next.toString()}`)
  })
  return { as, chat }
}

/** The client is signed in as this member: OAuth inside the sidebar reads it. */
export function signInAs(userid: string) {
  document.cookie = `${USER_COOKIE}=${encodeURIComponent(userid)}; path=/; SameSite=Lax`
}
