import type { Channel } from '../../db/intake/people.js'

/** Enough of an address for its owner to know it again, and too little for anybody else: `b***@example.org`, `+62********890`. ASCII. */
export const masked = (channel: Channel, address: string): string =>
  channel === 'email'
    ? `${address.slice(0, 1)}***${address.slice(address.lastIndexOf('@'))}`
    : `${address.slice(0, 3)}${'*'.repeat(Math.max(address.length - 6, 0))}${address.slice(-3)}`

/** Enough of each word for whoever knows the name to know it again: `S*** R*********`. */
export const maskedName = (name: string): string =>
  name.replaceAll(/(\p{L})(\p{L}*)/gu, (_, first: string, rest: string) => first + '*'.repeat(rest.length))
/** The last four digits: the part of a NIK or KPJ that says nothing about its owner. */
export const maskedDigits = (digits: string): string => '*'.repeat(Math.max(digits.length - 4, 0)) + digits.slice(-4)
/** The year; day and month are half of a NIK. */
export const maskedDate = (date: string): string => `${date.slice(0, 4)}-**-**`
