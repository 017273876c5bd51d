import { Heading } from '../parts/Page.js'
import { useWords } from '../words/index.js'
import { BASE, Link } from './router.js'
import { shellWords } from './shellWords.js'

export function NotFound() {
  const t = useWords(shellWords)
  return (
    <>
      <Heading title={t.notFoundTitle} />
      <p>{t.notFound}</p>
      <Link to={BASE} className="button">
        {t.home}
      </Link>
    </>
  )
}
