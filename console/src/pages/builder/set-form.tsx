import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { SetDocument } from '../../api/schema'
import { put, useAction } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { goTo, hrefOf } from '../../app/route'
import { ProblemAlert } from '../../states/problem-alert'
import { choicesOf } from './choices'
import { nameOf, type Definition } from './definition'
import { DefinitionForm } from './definition-form'
import { KindSelect } from './kind-select'
import { LiveCount } from './live-count'
import { useCount } from './use-count'

interface Props {
  document: SetDocument
  /** Every set that the shop can use. */
  documents: readonly SetDocument[]
  version: number
  onSaved: () => void
}

/** A set's definition with its live count. It is saved whole, or not at all. */
export function SetForm({ document, documents, version, onSaved }: Props) {
  const isNew = document.name === ''
  const [start, setStart] = useState<Definition>(document.definition)
  const [definition, setDefinition] = useState(start)
  const [inUse, setInUse] = useState(document.in_use)
  const insights = useGet('/v1/insights', {})
  const run = insights.state === 'ready' ? insights.data : undefined
  const name = document.name || nameOf(String(definition.prefix ?? ''))
  const whole = { ...definition, name }
  const counted = useCount({ ...whole, ...placeholders(whole) })
  const choices = choicesOf(name, documents, run?.sets.rfm?.groups.map((group) => group.group) ?? [])
  const action = useAction()
  const begin = (begun: Definition) => {
    setStart(begun)
    setDefinition(begun)
  }
  const save = () =>
    void action
      .run(() => put('/v1/segment-sets/{name}', { name }, { version, in_use: inUse, definition: whole }))
      .then((saved) => {
        if (!saved) return
        onSaved()
        goTo(hrefOf(['builder']))
      })
  return (
    <div className="stack">
      {document.warning && <Alert type="warning">{document.warning}</Alert>}
      {isNew && <KindSelect definition={start} choices={choices} onChange={begin} />}
      <DefinitionForm key={JSON.stringify(start)} definition={definition} choices={choices} onChange={setDefinition} />
      <LiveCount counted={counted} currency={run?.currency ?? ''} />
      {action.problem && <ProblemAlert problem={action.problem} />}
      <SpaceBetween size="s">
        <Checkbox
          checked={inUse}
          description={document.shipped ? 'Saving makes the set your own, in place of the one that comes with Tessera.' : undefined}
          onChange={({ detail }) => setInUse(detail.checked)}
        >
          The next run computes it, and the destinations get it
        </Checkbox>
        <Button variant="primary" loading={action.busy} disabled={!name || !definition.meaning} onClick={save}>
          Save as version {version + 1}
        </Button>
      </SpaceBetween>
    </div>
  )
}

/** What a definition lacks while it is written, so that it is counted from the start. */
function placeholders({ name, prefix, meaning }: Definition): Definition {
  return { name: name || 'unnamed', prefix: prefix || 'Unnamed', meaning: meaning || 'Not described yet.' }
}
