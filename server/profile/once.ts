/** What is worked out when it is first asked for, and then kept. */
export const once = <T>(make: () => T): (() => T) => {
  let made: { readonly it: T } | null = null
  return () => (made ??= { it: make() }).it
}

/** The same answer for the same moment as last time: a moment is looked at by several, one after the other. */
export const lastMoment = <T>(at: (now: Date) => T): ((now: Date) => T) => {
  let last: { readonly ms: number; readonly it: T } | null = null
  return (now) => {
    if (last === null || last.ms !== now.getTime()) last = { ms: now.getTime(), it: at(now) }
    return last.it
  }
}
