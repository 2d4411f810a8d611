/** The longest text the server keeps of what was said. */
export const textLimit = 4_000
