import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createIds, isTicketNumber } from '../../src/engine/index.js'
import { MORNING, seededRandom, SettableClock } from '../support/world.js'

const ALPHABET = Array.from('0123456789ABCDEFGHJKMNPQRSTVWXY')
function idsOf(seed: number, clock = new SettableClock(MORNING)) {
  const random = seededRandom(seed)
  return createIds(clock, (bytes) => bytes.map(() => Math.floor(random() * 256)))
}
const numbers = fc.nat().map((seed) => idsOf(seed).ticketNumber())

describe('ticket numbers', () => {
  test('look like PGD-7K3M-9QXR, and any way of writing one is known', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        expect(number).toMatch(/^PGD-[0-9A-HJKMNP-TV-Y]{4}-[0-9A-HJKMNP-TV-Y]{4}$/)
        for (const written of [number, number.toLowerCase(), number.replaceAll('-', '')])
          expect(isTicketNumber(written)).toBe(true)
      }),
    )
  })

  test('every single wrong character is found', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const body = number.slice(4).replace('-', '')
        for (let at = 0; at < body.length; at++)
          for (const wrong of ALPHABET)
            if (wrong !== body[at])
              expect(isTicketNumber(`PGD${body.slice(0, at)}${wrong}${body.slice(at + 1)}`)).toBe(false)
      }),
      { numRuns: 40 },
    )
  })

  test('every swap of neighbours is found, the check character’s too', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const body = number.slice(4).replace('-', '')
        for (let at = 0; at + 1 < body.length; at++) {
          const swapped = `${body.slice(0, at)}${body[at + 1]}${body[at]}${body.slice(at + 2)}`
          expect(isTicketNumber(`PGD${swapped}`)).toBe(swapped === body)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('what only looks like one is not', () => {
    const good = idsOf(1).ticketNumber()
    for (const text of [
      '',
      'PGD',
      good.slice(0, -1),
      `${good}0`,
      `X${good}`,
      ` ${good}`,
      `${good}\n`,
      good.replace('PGD', 'PGO'),
      'PGD-IIII-LLLL',
    ])
      expect([text, isTicketNumber(text)]).toEqual([text, false])
  })
})

describe('ids', () => {
  test('are UUIDs of version 7, all different, in the order in which they were made, on a clock that stands still', () => {
    const ids = idsOf(7)
    const made = Array.from({ length: 5_000 }, () => ids.id())
    expect(new Set(made).size).toBe(made.length)
    expect([...made].sort()).toEqual(made)
    for (const id of made) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  test('carry their millisecond, and stay in order when the clock jumps back', () => {
    const clock = new SettableClock(MORNING)
    const ids = idsOf(7, clock)
    const first = ids.id()
    expect(parseInt(first.replace('-', '').slice(0, 12), 16)).toBe(MORNING)
    const made = [first]
    for (const step of [1, 0, -3_600_000, 5, 0, 3_600_000]) {
      clock.advance(step)
      made.push(ids.id(), ids.id())
    }
    expect([...made].sort()).toEqual(made)
  })

  test('two processes in one millisecond make different ones', () => {
    const [a, b] = [idsOf(1), idsOf(2)]
    expect(a.id()).not.toBe(b.id())
  })
})
