import type { Place } from '../privacy/index.js'

type Of = { readonly ticketId: string; readonly id: string }

export const originalPlace = ({ ticketId, id }: Of): Place => ({
  ticketId,
  table: 'documents',
  column: 'original',
  row: id,
})
export const namePlace = ({ ticketId, id }: Of): Place => ({
  ticketId,
  table: 'documents',
  column: 'name_sealed',
  row: id,
})
export const pagePlace = ({ ticketId, id }: Of, page: number): Place => ({
  ticketId,
  table: 'document_pages',
  column: 'file',
  row: `${id}:${page}`,
})
