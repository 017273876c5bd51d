import type { Harness } from '../api/harness.js'
import { newKey } from '../api/harness.js'

/** A filing that is right in every field; the person is made up. */
export const PERSON = {
  identity: { name: 'Siti Rahmawati', nik: '3204114609970001', kpj: '12345678901', birthDate: '1997-09-06' },
  contacts: { email: 'siti.rahmawati@surat.example.org', phone: '0812-3456-7890' },
}
export const REQUEST = {
  ...PERSON,
  route: 'layanan_digital',
  category: 'kendala_akun_jmo',
  cause: 'EMAIL_DAN_HP_HILANG',
  channel: 'portal',
  declaration: true,
  noticeVersion: '2026-11',
}
type Part = Readonly<Record<string, unknown>>
interface Overrides {
  readonly identity?: Part
  readonly contacts?: Part
  readonly [name: string]: unknown
}
/** The same with other fields here and there. */
export const requestWith = ({ identity, contacts, ...rest }: Overrides = {}) => ({
  ...REQUEST,
  ...rest,
  identity: { ...PERSON.identity, ...identity },
  contacts: { ...PERSON.contacts, ...contacts },
})

export const filePerson = (
  api: Harness,
  overrides: Overrides = {},
  headers: Readonly<Record<string, string>> = {},
): ReturnType<Harness['request']> =>
  api.request('POST', '/v1/pengaduan', {
    as: null,
    body: requestWith(overrides),
    headers: { 'idempotency-key': newKey(), ...headers },
  })

/** The same, with the status token that came back. */
export async function filed(api: Harness, overrides: Overrides = {}): Promise<{ ticketId: string; token: string }> {
  const { status, text, body } = await filePerson(api, overrides)
  if (status !== 202) throw new Error(text)
  return { ticketId: String(body.ticketId), token: String(body.statusToken) }
}

/** A request under a status token. */
export const asFiler = (
  api: Harness,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<Harness['request']> =>
  api.request(method, path, {
    as: null,
    ...(body === undefined ? {} : { body }),
    headers: {
      authorization: `Bearer ${token}`,
      ...(method === 'POST' ? { 'idempotency-key': newKey() } : {}),
      ...headers,
    },
  })
