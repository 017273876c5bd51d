import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { PulihError } from '../../src/engine/errors.js'
import { parse } from '../../src/api/validation.js'

function faultsOf(schema: z.ZodType, input: unknown): unknown {
  try {
    parse(schema, input, 'body')
  } catch (error) {
    return error instanceof PulihError ? error.extra['errors'] : error
  }
  return []
}
const EMPTY: [string, string] = ['Isian ini tidak boleh kosong.', 'This field must not be empty.']
const PATTERN: [string, string] = ['Bentuknya harus sesuai pola /^\\d{6}$/.', 'This must match /^\\d{6}$/.']
const words = (schema: z.ZodType, input: unknown) =>
  (faultsOf(schema, input) as { message: { id: string; en: string } }[]).map(({ message }) => [message.id, message.en])

describe('what is wrong with a field, in a sentence of each language (R-API-1)', () => {
  it.each<[string, z.ZodType, unknown, [string, string]]>([
    ['missing', z.object({ a: z.string() }), {}, ['Isian ini wajib ada.', 'This field is required.']],
    ['of another type', z.object({ a: z.string() }), { a: 4 }, ['Harus berupa teks.', 'This must be text.']],
    ['not a number', z.object({ a: z.coerce.number() }), { a: 'x' }, ['Harus berupa angka.', 'This must be a number.']],
    ['empty', z.object({ a: z.string().min(1) }), { a: '' }, EMPTY],
    ['short', z.string().min(10), 'x', ['Paling sedikit 10 karakter.', 'This must be at least 10 characters.']],
    ['long', z.array(z.number()).max(2), [1, 2, 3], ['Paling banyak 2 butir.', 'This must be at most 2 items.']],
    ['large', z.number().max(100), 101, ['Paling besar 100.', 'This must be at most 100.']],
    ['not below', z.number().lt(5), 5, ['Harus kurang dari 5.', 'This must be less than 5.']],
    ['not above', z.number().gt(5), 5, ['Harus lebih dari 5.', 'This must be more than 5.']],
    ['not exact', z.string().length(6), '1', ['Harus tepat 6 karakter.', 'This must be exactly 6 characters.']],
    ['no choice', z.enum(['A', 'B']), 'C', ['Harus salah satu dari: A, B.', 'This must be one of: A, B.']],
    ['not the one', z.literal(true), false, ['Harus true.', 'This must be true.']],
    ['of no pattern', z.string().regex(/^\d{6}$/), 'x', PATTERN],
    [
      'no date',
      z.iso.date(),
      '31/12',
      ['Tanggal harus berbentuk TTTT-BB-HH.', 'A date must be of the form YYYY-MM-DD.'],
    ],
    ['with its own words', z.string().refine((it) => it === 'b', 'Sendiri.'), 'a', ['Sendiri.', 'Sendiri.']],
  ])('%s', (_what, schema, input, expected) => {
    expect(words(schema, input)).toEqual([expected])
  })

  it('anything else in zod’s own words', () => {
    expect(words(z.union([z.string(), z.number()]), true)).toEqual([['Input tidak valid', 'Invalid input']])
  })
})
