import { z } from 'zod'

const instant = z.iso.datetime().describe('UTC, ISO 8601')
const label = z.strictObject({ id: z.string(), en: z.string() }).describe('In Indonesian and English')

export const Uploaded = z.strictObject({
  ticketId: z.string(),
  documents: z.array(
    z.strictObject({
      state: z
        .enum(['accepted', 'pending', 'refused'])
        .describe('pending: waits for the malware scanner; nothing more needs to be done'),
      documentId: z.string().nullable(),
      kind: z.string().nullable(),
      pages: z.int(),
      repeated: z.boolean().describe('These very bytes were here already; nothing was added'),
      reason: z.strictObject({ code: z.string(), text: label }).nullable(),
    }),
  ),
})

const document = {
  documentId: z.string(),
  kind: z.string(),
  state: z.enum(['pending', 'accepted', 'refused', 'erased']),
  reason: z.string().nullable().describe('The code of its refusal'),
  name: z.string().nullable().describe("The uploader's own name of the file: text to be shown"),
  bytes: z.int(),
  pages: z.int(),
  receivedAt: instant,
}
export const FilerDocuments = z.strictObject({ items: z.array(z.strictObject(document)) })
export const StaffDocuments = z.strictObject({
  items: z.array(
    z.strictObject({
      ...document,
      media: z.string(),
      sha256: z.string().describe('Of the bytes as they came'),
      decidedAt: instant.nullable(),
      seenBefore: z.array(
        z.strictObject({
          ticketId: z.string(),
          documentId: z.string(),
          how: z.enum(['same', 'alike']).describe('The same bytes, or a first page that looks alike'),
        }),
      ),
    }),
  ),
})

export const PageLink = z.strictObject({
  path: z.string().describe('On this server; it opens for a minute'),
  expiresAt: instant,
})
