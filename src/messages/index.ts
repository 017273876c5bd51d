/** Mail and SMS to participants: what is said, to whom, once. */
export { spokenIn } from './dates.js'
export type { LocalMessage } from './local.js'
export { RECEIPT, type CodeSender } from './messenger.js'
export { openMessages, type Messages } from './open.js'
export { messageSink } from './sink.js'
