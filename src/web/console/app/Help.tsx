import { Dialog } from '../parts/Dialog.js'
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
        <thead>
          <tr>
            <th scope="col">{t.key}</th>
            <th scope="col">{t.does}</th>
          </tr>
        </thead>
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
