/** Worth trying again: the server is away, slow or busy. The code says what, never to whom. */
export class SendUnreachable extends Error {
  readonly code: string
  constructor(code: string) {
    super('A message could not be handed over now.')
    this.name = `SendUnreachable_${code}`
    this.code = code
  }
}

/** A final no for this address. */
export class SendRefused extends Error {
  readonly code: string
  constructor(code: string) {
    super('A message was refused for good.')
    this.name = `SendRefused_${code}`
    this.code = code
  }
}
