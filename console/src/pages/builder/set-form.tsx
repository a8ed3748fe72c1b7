import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { SetDocument } from '../../api/schema'
import { put, useAction } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { goTo, hrefOf } from '../../app/route'
import { ProblemAlert } from '../../states/problem-alert'
import { JsonField } from '../../parts/json-field'
import { ConditionalForm } from './conditional-form'
import { isConditional, nameOf } from './definition'
import { LiveCount } from './live-count'
import { useCount } from './use-count'

interface Props {
  document: SetDocument
  version: number
  onSaved: () => void
}

type Definition = Readonly<Record<string, unknown>>

/** A set's definition with its live count. It is saved whole, or not at all. */
export function SetForm({ document, version, onSaved }: Props) {
  const [definition, setDefinition] = useState<Definition>(document.definition)
  const [inUse, setInUse] = useState(document.in_use || document.name === '')
  const insights = useGet('/v1/insights', {})
  const run = insights.state === 'ready' ? insights.data : undefined
  const name = document.name || nameOf(String(definition.prefix ?? ''))
  const whole = { ...definition, name }
  const counted = useCount({ ...whole, ...placeholders(whole) })
  const action = useAction()
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
      {isConditional(definition) ? (
        <ConditionalForm
          definition={definition}
          segments={run?.sets.rfm?.groups.map((group) => group.group) ?? []}
          onChange={(changed) => setDefinition({ ...changed })}
        />
      ) : (
        <ByRules definition={definition} isShipped={document.shipped} onChange={setDefinition} />
      )}
      <LiveCount counted={counted} currency={run?.currency ?? ''} />
      {action.problem && <ProblemAlert problem={action.problem} />}
      <SpaceBetween size="s">
        <Checkbox checked={inUse} onChange={({ detail }) => setInUse(detail.checked)}>
          The next run computes it, and every destination gets it
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

interface ByRulesProps {
  definition: Definition
  isShipped: boolean
  onChange: (definition: Definition) => void
}

/** A set by rules or by two other sets has no form: its document is edited as JSON. */
function ByRules({ definition, isShipped, onChange }: ByRulesProps) {
  return (
    <Container>
      <SpaceBetween size="s">
        <Alert type="info">
          This set cuts a column by rules, or combines two sets. Edit its document here.
          {isShipped && ' Saving makes it your own, which replaces the one that comes with Tessera.'}
        </Alert>
        <JsonField name="The definition" value={definition} onChange={(value) => onChange(value as Definition)} />
      </SpaceBetween>
    </Container>
  )
}
