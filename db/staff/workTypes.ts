/** Which tickets are worked on by whom, at which step. */
export interface WorkStep {
  readonly name: string
  readonly states: readonly string[]
  readonly roles: readonly string[]
  /**
   * An event of the ticket type that whoever takes this step must be free to send: the statechart itself says who is barred (its maker,
   * filer or uploader). Null: nobody is.
   */
  readonly proof: string | null
}
export interface SkillRule {
  readonly skill: string
  /** All of what is named must fit; `risk`: a risk flag of this code. */
  readonly when: {
    readonly type?: string | undefined
    readonly route?: string | undefined
    readonly cause?: string | undefined
    readonly category?: string | undefined
    readonly risk?: string | undefined
  }
}
/** How work is given out: immutable versions of data. Minutes are business minutes unless they say otherwise. */
export interface WorkPolicy {
  readonly provenance: string
  readonly leaseMinutes: number
  /** The lease of what a supervisor assigned, who cannot know when it is looked at. */
  readonly assignedLeaseMinutes: number
  readonly wipLimit: number
  /** A ticket without a deadline is treated as due so many wall minutes after it was filed, so that it rises. */
  readonly undatedDueAfterWallMinutes: number
  /** Late by more than this is very late. */
  readonly veryLateAfterMinutes: number
  /** Due within this is due soon. */
  readonly soonWithinMinutes: number
  readonly longestWindowWallMinutes: number
  readonly searchesPerHour: number
  readonly bulkItems: number
  /** Ticket type → its steps. A type that is not named has one: every state, agents and supervisors. */
  readonly steps: Readonly<Record<string, readonly WorkStep[]>>
  readonly skills: readonly SkillRule[]
}
