export type TicketKind = 'corp' | 'agent'
export type JsapiSignature = { timestamp: number; nonceStr: string; signature: string }
export type WecomTickets = {
  /**
   * Signs a page (its #hash is cut off). Throws `request.invalid` when the page is not on one of our own hosts. `refused`: the client
   * did not take the signature before, so a ticket of more than a minute is fetched anew.
   */
  sign: (kind: TicketKind, url: string, before?: { refused: boolean }) => Promise<JsapiSignature>
}

/** What JS-SDK's login panel needs besides where to come back to. */
export type WecomLoginPanel = { appid: string; agentid: string }

export type WecomOauth = {
  /** Where the browser signs in: inside the client, or by scanning a QR code on a desktop. */
  authorizeUrl: (way: 'client' | 'qr', ask: { redirectUri: string; state: string }) => string
  /** Null where the panel cannot be used: it is bound to WeCom's own login host. */
  panel: WecomLoginPanel | null
  /**
   * The member behind a code (single use, 5 minutes); null when it is not a member. Throws `session.code_used`, `session.code_expired`,
   * `session.out_of_range`, else `session.oauth_failed`, for a code that leads nowhere.
   */
  userOf: (code: string) => Promise<string | null>
}
