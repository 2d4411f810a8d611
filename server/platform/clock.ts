/** Where the time comes from. Nothing in the server reads the system's time in another way. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  date(): Date
  /** Called after the time has jumped (tests and the sandbox only); returns how to stop listening. */
  onJump(listener: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  date: () => new Date(),
  onJump: () => () => undefined,
}
