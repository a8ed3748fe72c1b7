// A template's editor: blocks from blocks.json on Puck's canvas, saved as a document.
import { createUsePuck, Puck, type Data } from '@puckeditor/core'
import '@puckeditor/core/no-external.css' // puck.css itself imports a font from another origin
import { useCallback, useEffect, useLayoutEffect, useMemo, useState, type ReactNode } from 'react'
import type { TemplateFinding } from '../../api/schema'
import { askBeforeLeaving } from '../../app/route'
import { BlockActions } from './actions'
import type { LoadedTemplate, TemplateClient } from './client'
import { puckConfig } from './config'
import './editor.css'
import { Findings, SavedFindings } from './findings'
import { loadMrml, type ToHtml } from './mrml'
import { Preview } from './preview'
import { fromPuck, toPuck } from './puck-data'

const usePuck = createUsePuck()

const LEAVE = 'This template has changes that are not saved. Leave it without them?'

type Saving = 'saved' | 'changed' | 'saving' | { failed: string }

/** Loads the template and mrml, and shows the editor when both are there. */
export default function TemplateEditor({ client }: { client: TemplateClient }) {
  const [loaded, setLoaded] = useState<{ template: LoadedTemplate; toHtml: ToHtml }>()
  const [failure, setFailure] = useState('')
  useEffect(() => {
    let current = true
    Promise.all([client.load(), loadMrml()]).then(
      ([template, toHtml]) => current && setLoaded({ template, toHtml }),
      (error: unknown) => current && setFailure(String(error)),
    )
    return () => {
      current = false
    }
  }, [client])
  if (failure) return <p role="alert">The template could not be loaded: {failure}</p>
  if (!loaded) return <p role="status">Loading the template …</p>
  return <Editing client={client} template={loaded.template} toHtml={loaded.toHtml} />
}

function Editing({ client, template, toHtml }: { client: TemplateClient; template: LoadedTemplate; toHtml: ToHtml }) {
  const { brand, name } = template
  const [first] = useState(() => toPuck(template.document))
  const [document, setDocument] = useState(template.document)
  const [saving, setSaving] = useState<Saving>('saved')
  const [findings, setFindings] = useState<readonly TemplateFinding[]>([])
  const config = useMemo(() => puckConfig({ brand, toHtml }), [brand, toHtml])
  const change = useCallback((data: Data) => {
    setDocument(fromPuck(data))
    setSaving('changed')
  }, [])
  const save = useCallback(
    (data: Data) => {
      setSaving('saving')
      client.save(fromPuck(data)).then(
        (made) => {
          setFindings(made)
          setSaving((now) => (now === 'saving' ? 'saved' : now)) // what changed meanwhile is not saved
        },
        (error: unknown) => setSaving({ failed: String(error) }),
      )
    },
    [client],
  )
  const unsaved = saving !== 'saved'
  useLayoutEffect(() => (unsaved ? askBeforeLeaving(LEAVE) : undefined), [unsaved])
  const overrides = useMemo(
    () => ({
      headerActions: () => <Save onSave={save} />,
      header: ({ children }: { children: ReactNode }) => (
        <div>
          {children}
          <BlockActions />
          <Findings />
        </div>
      ),
    }),
    [save],
  )
  return (
    <div className="template-editor">
      <h1>{name}</h1>
      <p role="status">{statusOf(saving)}</p>
      <SavedFindings value={findings}>
        <Puck
          config={config}
          data={first}
          onChange={change}
          iframe={{ enabled: false }}
          height="720px"
          headerTitle={name}
          overrides={overrides}
        />
      </SavedFindings>
      <Preview document={document} brand={brand} toHtml={toHtml} />
    </div>
  )
}

function Save({ onSave }: { onSave: (data: Data) => void }) {
  const data = usePuck((state) => state.appState.data)
  return (
    <button type="button" onClick={() => onSave(data)}>
      Save
    </button>
  )
}

function statusOf(saving: Saving): string {
  if (typeof saving === 'object') return `Not saved: ${saving.failed}`
  return { saved: 'Saved.', changed: 'There are changes to save.', saving: 'Saving …' }[saving]
}
