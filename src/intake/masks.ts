import type { Channel } from '../../db/intake/people.js'

/** Enough of an address for its owner to know it again, and too little for anybody else: `b***@example.org`, `+62********890`. ASCII. */
export const masked = (channel: Channel, address: string): string =>
  channel === 'email'
    ? `${address.slice(0, 1)}***${address.slice(address.lastIndexOf('@'))}`
    : `${address.slice(0, 3)}${'*'.repeat(Math.max(address.length - 6, 0))}${address.slice(-3)}`
