/** Somebody whose data is asked for or to be erased, as the rooms know them. */
export type Person = {
  readonly customerId: string
  /** Their number and those of whoever became part of them: not every room knows of merges. */
  readonly ids: readonly string[]
  /** Their identities as they are kept: `kind:value`. */
  readonly keys: readonly string[]
  readonly externalUserIds: readonly string[]
  /** Their phones, e-mail addresses and id numbers in clear, for texts that name them. */
  readonly contacts: readonly string[]
  /** Who holds or held them. */
  readonly userids: readonly string[]
  /** What they are called, for texts that name them. */
  readonly names: readonly string[]
  /** The blind indexes of their contacts, for texts in which those are sealed. */
  readonly indexes: readonly string[]
}

/** What a room holds of one person, by kind. Personal data may be sealed in it. */
export type Held = Readonly<Record<string, readonly object[]>>
/** How much of what was erased. */
export type Counts = Readonly<Record<string, number>>

/** Entries of the audit about somebody lose whom they are about, and what names them in words (`without`). */
export type ForgetInAudit = (
  ids: readonly string[],
  erasureId: string,
  without: (detail: object) => Record<string, unknown>,
) => Promise<Counts>

/** A room that holds something of persons. */
export type Holding = {
  readonly room: string
  collect(person: Person): Promise<Held>
  /** Erases it. Done again it finds nothing more. */
  forget(person: Person): Promise<Counts>
}
