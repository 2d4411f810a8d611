/** What is kept, in place of a member, where a script with the API key made a change. */
export const scriptName = 'API key'
/** What stands in place of the name of somebody nobody knows any more. */
export const formerName = '已离职成员'

/** A member as readers know one: by name, never by their userid. What is shown of it in a language is `label('actor', …)`. */
export const calledIn = (names: ReadonlyMap<string, string>, userid: string): string =>
  names.get(userid) ?? (userid === scriptName ? scriptName : formerName)
