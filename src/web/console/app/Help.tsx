import { Dialog } from '../parts/Dialog.js'
import { Head } from '../parts/Head.js'
import { useWords } from '../words/index.js'
import { usePreferences } from './preferences.js'
import { shellWords } from './shellWords.js'

/** Every single key there is. */
export function Help({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(shellWords)
  const { shortcuts } = usePreferences()
  return (
    <Dialog title={t.helpTitle} onClose={onClose}>
      {!shortcuts && <p className="inset">{t.helpOff}</p>}
      <table>
        <Head of={[t.key, t.does]} />
        <tbody>
          {t.keys.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>{t.helpNote}</p>
    </Dialog>
  )
}
