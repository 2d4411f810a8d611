import type { MessageAttachment } from './media.ts'

/** What a group says to who has just joined (入群欢迎语): text of at most 3000 bytes, in which %NICKNAME% is the newcomer, and one attachment. */
export type GroupWelcomeBody = { readonly text: string; readonly attachment: MessageAttachment | null }

export type GroupWelcomesRead = {
  /** The text of a template as WeCom has it; null when there is no such template (any more). */
  groupWelcomeText: (templateId: string) => Promise<string | null>
}

/** At most 100 templates (41055); only the app that made one may change it (41058). The owner of a group turns one on in the client. */
export type GroupWelcomesSetup = {
  /** `notify`: WeCom tells the owners. Not safe to repeat, and there is no list to look it up in: `ambiguous` when the answer was lost. */
  addGroupWelcome: (body: GroupWelcomeBody, options: { notify: boolean }) => Promise<{ templateId: string }>
  /** Safe to repeat. */
  editGroupWelcome: (templateId: string, body: GroupWelcomeBody) => Promise<void>
  /** Safe to repeat: one that is gone already is as good as deleted. */
  deleteGroupWelcome: (templateId: string) => Promise<void>
}
