/** What sends one message of a ticket to everybody it is for, each once however often it is tried. */
export interface MessageTeller {
  deliver(message: {
    readonly ref: string
    readonly ticketId: string
    readonly template: string
    readonly audience: string
  }): Promise<boolean>
}
