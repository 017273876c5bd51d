import { Icon } from '../parts/Icon.js'
import { useWords } from '../words/index.js'
import { BASE, Link, usePath } from './router.js'
import { useSession } from './session.js'
import { shellWords } from './shellWords.js'

/** So few recovery codes are worth a word before the last one is used up and only an administrator can help. */
export const FEW_CODES = 2
const OWN = `${BASE}/saya`

/** On every page but the one that says it anyway. */
export function FewCodes() {
  const t = useWords(shellWords)
  const path = usePath()
  const { recoveryCodesLeft: left } = useSession()
  if (left === null || left > FEW_CODES || path === OWN) return null
  return (
    <aside className="outage few" aria-label={t.fewCodes(left)}>
      <p>
        <Icon name="warn" /> <strong>{t.fewCodes(left)}</strong> {t.fewCodesWhy}
      </p>
      <Link to={OWN}>{t.fewCodesGo}</Link>
    </aside>
  )
}
