import { chooseNone, useChosen } from '../../app/chosen.js'
import { BASE, Link, useQuery as useAddress } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { useWords } from '../../words/index.js'
import { worklistWords } from './words.js'

/** From the list to bulk work: with the cases that were picked, or with the filters as they stand. */
export function Picked() {
  const t = useWords(worklistWords)
  const chosen = useChosen()
  const [address] = useAddress()
  if (!holds(useSession(), ['supervisor'])) return null
  if (chosen.length === 0)
    return (
      <p className="picked">
        <Link to={`${BASE}/massal?${address.toString()}`}>{t.bulkFilter}</Link>
      </p>
    )
  return (
    <div className="row picked">
      <strong role="status">{t.picked(chosen.length)}</strong>
      <Link className="button" to={`${BASE}/massal`} data-bulk>
        {t.bulk}
      </Link>
      <button type="button" className="button plain" onClick={chooseNone}>
        {t.pickNone}
      </button>
    </div>
  )
}
