/** Mail and SMS to participants: what is said, to whom, once. */
export type { LocalMailbox, LocalMessage } from './local.js'
export { RECEIPT, type CodeMessage, type CodeSender, type Messenger } from './messenger.js'
export { openMessages, type Messages } from './open.js'
export { messageSink } from './sink.js'
