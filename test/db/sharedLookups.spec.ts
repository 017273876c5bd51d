import { describe, expect, it } from 'vitest'
import { sharedLookups } from '../../db/sharedLookups.js'

/** Statements that come back when the test says so. */
function statements() {
  const asked: { readonly keys: readonly string[]; answer(): void; fail(error: Error): void }[] = []
  const { ask, answered } = sharedLookups<string>(
    (keys) =>
      new Promise((resolve, reject) => {
        asked.push({
          keys,
          answer: () => resolve(new Map(keys.filter((key) => key !== 'nobody').map((key) => [key, `row of ${key}`]))),
          fail: reject,
        })
      }),
  )
  return { asked, ask, answered, keys: () => asked.map((it) => it.keys.join('+')) }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('look-ups that share statements', () => {
  it('one turn is one statement, two are under way, and who asks meanwhile shares the next', async () => {
    const s = statements()
    const first = [s.ask('a'), s.ask('b'), s.ask('a')]
    await turn()
    const second = s.ask('c')
    await turn()
    const third = [s.ask('d'), s.ask('nobody')]
    await turn()
    expect(s.keys()).toEqual(['a+b', 'c'])
    s.asked[1]?.answer()
    expect(await second).toBe('row of c')
    await turn()
    expect(s.keys()).toEqual(['a+b', 'c', 'd+nobody'])
    s.asked[2]?.answer()
    expect(await Promise.all(third)).toEqual(['row of d', null])
    s.asked[0]?.answer()
    expect(await Promise.all(first)).toEqual(['row of a', 'row of b', 'row of a'])
  })

  it('beside two that do not come back another one is begun, and another', async () => {
    const s = statements()
    const silent = [s.ask('a')]
    await turn()
    silent.push(s.ask('b'))
    await turn()
    for (const key of ['c', 'd', 'e']) {
      const answer = s.ask(key)
      await expect.poll(() => s.keys().at(-1), { interval: 2 }).toBe(key)
      s.asked.at(-1)?.answer()
      expect(await answer).toBe(`row of ${key}`)
    }
    for (const it of s.asked.slice(0, 2)) it.answer()
    expect(await Promise.all(silent)).toEqual(['row of a', 'row of b'])
  })

  it('a statement that fails fails for those who shared it, and for nobody else', async () => {
    const s = statements()
    const both = [s.ask('a'), s.ask('b')]
    await turn()
    const other = s.ask('a')
    await turn()
    s.asked[0]?.fail(new Error('broken'))
    for (const it of both) await expect(it).rejects.toThrow('broken')
    s.asked[1]?.answer()
    expect(await other).toBe('row of a')
  })

  it('is done when everybody has an answer', async () => {
    const s = statements()
    let done = false
    const [one, two] = [s.ask('a'), s.ask('b').catch(() => 'failed')]
    const all = s.answered().then(() => (done = true))
    await turn()
    expect(done).toBe(false)
    s.asked[0]?.answer()
    expect(await Promise.all([one, two])).toEqual(['row of a', 'row of b'])
    expect(await all).toBe(true)
    await s.answered()
  })
})
