import type { Page } from '../visit.js'
import { actPages } from './acts.js'
import { branchPages } from './branch.js'
import { checkPage } from './check.js'
import { contactPages } from './contact.js'
import { documentsPage } from './documents.js'
import { enterPages } from './enter.js'
import { faqPage } from './faq.js'
import { identityPage } from './identity.js'
import { reopenPages } from './reopen.js'
import { sentPage } from './sent.js'
import { startPages } from './start.js'
import { statusPages } from './status.js'
import { submitDraftPages } from './submitDraft.js'
import { triagePages } from './triage.js'

/** Every page there is; each is there in both languages. */
export const PAGES: readonly Page[] = [
  ...startPages,
  identityPage,
  ...contactPages,
  documentsPage,
  checkPage,
  sentPage,
  ...enterPages,
  ...statusPages,
  ...actPages,
  ...reopenPages,
  ...submitDraftPages,
  ...branchPages,
  ...triagePages,
  faqPage,
]
