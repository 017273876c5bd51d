import { lazy, type ComponentType } from 'react'
import type { Label } from '../api/types.js'
import { BASE } from './router.js'

/** A page of the console. Its code is loaded when it is first gone to. */
export interface PageEntry {
  /** With `:names` for ids; nothing personal is ever part of it. */
  readonly path: string
  readonly page: ComponentType
  /** Where the navigation names it, and for whom: the API decides in any case. */
  readonly nav?: { readonly label: Label; readonly roles: readonly string[] }
}

const WORKERS = ['agent', 'checker', 'supervisor']

/** Every page there is, in the order of the navigation. */
export const PAGES: readonly PageEntry[] = [
  {
    path: BASE,
    page: lazy(() => import('../pages/worklist/WorklistPage.js')),
    nav: { label: { id: 'Daftar kerja', en: 'Worklist' }, roles: WORKERS },
  },
  { path: `${BASE}/tiket/:id`, page: lazy(() => import('../pages/ticket/TicketPage.js')) },
  {
    path: `${BASE}/pemberitahuan`,
    page: lazy(() => import('../pages/notices/NoticesPage.js')),
    nav: { label: { id: 'Pemberitahuan', en: 'Notices' }, roles: [...WORKERS, 'auditor'] },
  },
  {
    path: `${BASE}/laporan`,
    page: lazy(() => import('../pages/reports/ReportsPage.js')),
    nav: { label: { id: 'Laporan', en: 'Reports' }, roles: ['supervisor', 'auditor'] },
  },
  {
    path: `${BASE}/periksa-ulang`,
    page: lazy(() => import('../pages/sampling/SamplingPage.js')),
    nav: { label: { id: 'Periksa ulang', en: 'Second look' }, roles: ['supervisor', 'auditor'] },
  },
  {
    path: `${BASE}/massal`,
    page: lazy(() => import('../pages/bulk/BulkPage.js')),
    nav: { label: { id: 'Tindakan massal', en: 'Bulk actions' }, roles: ['supervisor'] },
  },
  {
    path: `${BASE}/gangguan`,
    page: lazy(() => import('../pages/incidents/IncidentsPage.js')),
    nav: { label: { id: 'Gangguan', en: 'Incidents' }, roles: [...WORKERS, 'auditor', 'admin'] },
  },
  {
    path: `${BASE}/alur`,
    page: lazy(() => import('../pages/workflow/WorkflowPage.js')),
    nav: { label: { id: 'Alur kerja', en: 'Workflow' }, roles: [...WORKERS, 'auditor'] },
  },
  { path: `${BASE}/tiket/:id/alur`, page: lazy(() => import('../pages/workflow/TicketWorkflowPage.js')) },
  {
    path: `${BASE}/kalender`,
    page: lazy(() => import('../pages/calendars/CalendarsPage.js')),
    nav: { label: { id: 'Kalender', en: 'Calendars' }, roles: ['supervisor', 'admin', 'auditor'] },
  },
  { path: `${BASE}/tiket/:id/gabung`, page: lazy(() => import('../pages/merging/MergingPage.js')) },
  {
    path: `${BASE}/kantor`,
    page: lazy(() => import('../pages/offices/OfficesPage.js')),
    nav: { label: { id: 'Kantor', en: 'Offices' }, roles: ['supervisor', 'admin', 'auditor'] },
  },
  {
    path: `${BASE}/petugas`,
    page: lazy(() => import('../pages/staff/StaffPage.js')),
    nav: { label: { id: 'Petugas', en: 'Staff' }, roles: ['admin', 'auditor'] },
  },
  {
    path: `${BASE}/kunci`,
    page: lazy(() => import('../pages/keys/KeysPage.js')),
    nav: { label: { id: 'Kunci layanan', en: 'Service keys' }, roles: ['admin', 'auditor'] },
  },
  {
    path: `${BASE}/audit`,
    page: lazy(() => import('../pages/audit/AuditPage.js')),
    nav: { label: { id: 'Audit', en: 'Audit' }, roles: ['admin', 'auditor'] },
  },
  { path: `${BASE}/saya`, page: lazy(() => import('../pages/own/OwnPage.js')) },
]
