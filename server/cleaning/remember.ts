/** So many texts at most; a company has far fewer cities, days and amounts that come again and again. */
const most = 5_000

/** Remembers what texts were cleaned to, for the same ones come with every event. What nobody may keep (a phone) is not for this. */
export const remember = <T>(clean: (text: string) => T): ((text: string) => T) => {
  const known = new Map<string, T>()
  return (text) => {
    const held = known.get(text)
    if (held !== undefined) return held
    const made = clean(text)
    if (known.size >= most) known.clear()
    known.set(text, made)
    return made
  }
}
