import { randomBytes } from 'node:crypto'
import type { ChallengeRow } from '../../db/intake/challenges.js'
import type { DocumentService } from '../documents/index.js'
import { accessCodeHandler, createAccess } from '../intake/access.js'
import { askQuietly } from '../intake/askCode.js'
import { noObserver } from '../intake/codeObserver.js'
import { createCodes } from '../intake/codes.js'
import { proveContactHandler, sendCodeHandler } from '../intake/codeTasks.js'
import { oweProof, settleContact, settleContactHandler } from '../intake/contactProof.js'
import { correct, settleCorrectionHandler } from '../intake/correcting.js'
import { createEmailDomains } from '../intake/emailDomains.js'
import { createFiling } from '../intake/filing.js'
import { createFilerRequests } from '../intake/requests.js'
import { matchHandler, RISK, riskHandler } from '../intake/risk.js'
import type { TaskBoard, TaskHandler } from '../intake/tasks.js'
import type { Messages } from '../messages/index.js'
import type { Ground } from './ground.js'
import type { ServiceConfig, ServiceParts } from './types.js'

/** The filer's side: filing, codes, access, corrections, matching and risk. */
export function openIntake(
  { limits }: ServiceConfig,
  parts: ServiceParts,
  ground: Ground,
  { messages, documents }: { readonly messages: Messages; readonly documents: DocumentService },
) {
  const { store, clock, ids, engine, logger } = parts
  const { vault, people, sessions, directory, tasks } = ground
  const emailDomains = createEmailDomains({ proofs: store.intake.proofs, clock })
  const proof = {
    ...{ store: store.intake, engine, people, vault, tasks, clock, ids, limits, logger },
    observer: parts.codes ?? noObserver,
  }
  // What is sent next must not find a ticket that has not heard of its proof yet.
  const tell = async ({ ticketId, channel }: ChallengeRow) => {
    await settleContact({ store, engine }, ticketId, channel)
  }
  const codes = createCodes({ ...proof, tell })
  const proven = async ({ id, ticketId, channel }: ChallengeRow) => {
    await receiptAsked({ store, messages }, ticketId, channel)
    await tasks.ask(RISK, ticketId, `proven:${id}`)
  }
  const sending = { ...proof, store, sender: messages.messenger, random: randomBytes, proven }
  const access = createAccess({ store, people, codes, sessions, tasks, vault, ids })
  const reuse = (ticketId: string) => documents.reuse(ticketId)
  const risk = { ...{ store, people, directory, engine, clock, limits }, reuse }
  const askCode = askQuietly(codes, logger)
  const around = { store, engine, people, sessions, vault, tasks, clock, ids, emailDomains, askCode }
  const filing = createFiling({ ...around, ...provenBefore({ ...parts, tasks, messages }), random: randomBytes })
  const requests = createFilerRequests({ ...around, correct: (request, patch) => correct(around, request, patch) })
  const handlers: readonly TaskHandler[] = [
    ...[sendCodeHandler(sending), proveContactHandler(sending)],
    ...[accessCodeHandler({ store, people, codes }), matchHandler(risk), riskHandler(risk)],
    ...[settleContactHandler(around), settleCorrectionHandler(around)],
  ]
  return { around, risk, emailDomains, codes, access, filing, requests, handlers }
}

/** A draft was not received yet: its receipt follows once it is submitted (`acknowledge`). */
async function receiptAsked(
  { store, messages }: Pick<ServiceParts, 'store'> & { messages: Messages },
  ticketId: string,
  channel: 'email' | 'phone',
): Promise<void> {
  if (channel !== 'email' || (await store.findTicket(ticketId))?.state === 'draft') return
  await messages.messenger.askReceipt(ticketId)
}

/** Proofs of contacts that are older than their ticket (docs/adr/0017). */
function provenBefore({
  store,
  engine,
  tasks,
  messages,
  clock,
  ids,
}: Pick<ServiceParts, 'store' | 'engine' | 'clock' | 'ids'> & { tasks: TaskBoard; messages: Messages }) {
  return {
    async oweProofs(ticketId: string) {
      for (const channel of ['email', 'phone'] as const) await oweProof({ store, clock, ids }, ticketId, channel)
    },
    async tellProven(ticketId: string, channel: 'email' | 'phone') {
      await settleContact({ store, engine }, ticketId, channel)
      await receiptAsked({ store, messages }, ticketId, channel)
      await tasks.ask(RISK, ticketId, `filed:${channel}`)
    },
  }
}
