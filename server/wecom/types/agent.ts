/** The self-built app (应用) as WeCom has it. */
export type WecomApp = {
  name: string
  /** Disabled by an admin. */
  closed: boolean
  /** The trusted domain (可信域名), without a scheme; empty when none is set. */
  redirectDomain: string
}

/** Calls made only to see whether they are allowed. They reject with WecomError. */
export type WecomProbe = {
  /** Has a token given out for the secret, whatever is kept of one. */
  token: (of: 'contact' | 'agent') => Promise<void>
  app: () => Promise<WecomApp>
  /** Asks for a picture that does not exist; that it does not exist is as good as an answer. */
  media: () => Promise<void>
}
