import type { EventFields } from '../xml.ts'

/**
 * One callback of the platform as a sample. A text with @ is taken from the company: @member and @customer are a pair of contacts, @group a
 * customer group, @tag, @tag_group, @agent, @bot; @msgid is a new 64-bit id, @id a new text id; `new` as WelcomeCode makes a live one.
 */
export interface Sample {
  /** Whose URL it goes to: the app's (XML) or the AI bot's (JSON). */
  to: 'app' | 'bot'
  /** What is always there, besides the common fields of XML callbacks. */
  fields: EventFields
  /** What the platform may leave out. */
  optional: EventFields
}
export type Samples = Readonly<Record<string, Sample>>

/** A callback to the app. */
export function app(fields: EventFields, optional: EventFields = {}): Sample {
  return { to: 'app', fields, optional }
}
