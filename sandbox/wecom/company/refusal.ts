/** An act the platform (or its clients) would not let people do: the admin API answers it with `status` and the message. */
export class Refusal extends Error {
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

/** The value, or a 404 refusal that says what was not found. */
export function found<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Refusal(`${what} not found`, 404)
  return value
}
