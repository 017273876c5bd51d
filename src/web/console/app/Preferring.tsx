import { SelectField } from '../parts/Field.js'
import { catalogue, useWords } from '../words/index.js'
import { prefer, usePreferences, type Preferences } from './preferences.js'

const words = catalogue({
  id: {
    language: 'Bahasa',
    theme: 'Tampilan',
    auto: 'Ikuti perangkat',
    light: 'Terang',
    dark: 'Gelap',
    shortcuts: 'Pintasan papan tik',
    on: 'Aktif',
    off: 'Mati',
  },
  en: {
    language: 'Language',
    theme: 'Appearance',
    auto: 'As the device',
    light: 'Light',
    dark: 'Dark',
    shortcuts: 'Keyboard shortcuts',
    on: 'On',
    off: 'Off',
  },
})

/** Language, appearance and, once somebody is signed in, single keys; kept on this computer. */
export function Preferring({ brief = false }: { readonly brief?: boolean }) {
  const t = useWords(words)
  const { language, theme, shortcuts } = usePreferences()
  return (
    <div className="preferring">
      <SelectField
        label={t.language}
        value={language}
        onChange={(event) => prefer({ language: event.target.value === 'en' ? 'en' : 'id' })}
        options={[
          { value: 'id', text: 'Bahasa Indonesia' },
          { value: 'en', text: 'English' },
        ]}
      />
      <SelectField
        label={t.theme}
        value={theme}
        onChange={(event) => prefer({ theme: event.target.value as Preferences['theme'] })}
        options={(['auto', 'light', 'dark'] as const).map((value) => ({ value, text: t[value] }))}
      />
      {!brief && (
        <SelectField
          label={t.shortcuts}
          value={shortcuts ? 'on' : 'off'}
          onChange={(event) => prefer({ shortcuts: event.target.value === 'on' })}
          options={(['on', 'off'] as const).map((value) => ({ value, text: t[value] }))}
        />
      )}
    </div>
  )
}
