/** Told apart by their pattern or their dashes as well as by their colour (1.4.1). */
export type Mark = 'a' | 'b' | 'c'

export const fillOf = (mark: Mark): string => (mark === 'a' ? 'var(--mark-a)' : `url(#mark-${mark})`)

/** The patterns, once a page: every chart of it points here. */
export const MarkPatterns = () => (
  <svg className="mark-patterns" aria-hidden="true" focusable="false" width="0" height="0">
    <defs>
      <pattern id="mark-b" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="7" height="7" className="mark-b-back" />
        <rect width="3" height="7" className="mark-b-front" />
      </pattern>
      <pattern id="mark-c" width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" className="mark-c-back" />
        <rect width="6" height="2.5" className="mark-c-front" />
      </pattern>
    </defs>
  </svg>
)

export const AreaSign = ({ mark }: { readonly mark: Mark }) => (
  <svg className="sign" viewBox="0 0 24 14" aria-hidden="true" focusable="false">
    <rect width="24" height="14" fill={fillOf(mark)} />
  </svg>
)
export const LineSign = ({ mark }: { readonly mark: Mark }) => (
  <svg className="sign" viewBox="0 0 24 14" aria-hidden="true" focusable="false">
    <path d="M0 7H24" className={`line-${mark}`} />
  </svg>
)
