import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that mostly wait for real servers and clocks, longest first: begun last they would be what everybody waits for. */
const LONGEST = [
  'e2e/drill.spec.ts',
  'cli/restore.e2e.spec.ts',
  'e2e/processes.spec.ts',
  'engine/postgres.spec.ts',
  'machines/proofs.spec.ts',
  'e2e/serve.spec.ts',
  'web/console/',
  'web/journey/',
  'model/',
  'demo/',
  'cli/calendarApply.spec.ts',
  'workers/queues/embedded.spec.ts',
  'privacy/wholeCanary.spec.ts',
  'web/portal/browser.spec.ts',
  'staff/identity/signIn.postgres.spec.ts',
]

/** Starts the longest files first; the rest in vitest's own order. */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = LONGEST.findIndex((name) => moduleId.includes(`/test/${name}`))
      return place === -1 ? LONGEST.length : place
    }
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b))
  }
}
