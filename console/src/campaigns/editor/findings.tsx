// What the checker says about the saved draft, each with a way to its block.
import { createUsePuck } from '@puckeditor/core'
import { createContext, useContext } from 'react'
import type { TemplateFinding } from '../../api/schema'

const usePuck = createUsePuck()

/** Of the last save. A context, because Puck draws the header that shows them. */
export const SavedFindings = createContext<readonly TemplateFinding[]>([])

export function Findings() {
  const findings = useContext(SavedFindings)
  if (findings.length === 0) return null
  const errors = findings.filter((one) => one.severity === 'error').length
  return (
    <section className="template-findings" aria-label="Findings">
      <strong>{errors ? 'The template cannot be published yet.' : 'The template can be published.'}</strong>
      <ul>
        {findings.map((one) => <FindingLine key={`${one.rule} ${one.path} ${one.field}`} finding={one} />)}
      </ul>
    </section>
  )
}

function FindingLine({ finding }: { finding: TemplateFinding }) {
  const dispatch = usePuck((state) => state.dispatch)
  const selectorOf = usePuck((state) => state.getSelectorForId)
  const { severity, block, field, problem, action } = finding
  const show = () => dispatch({ type: 'setUi', ui: { itemSelector: selectorOf(block) ?? null } })
  return (
    <li>
      {severity === 'error' ? 'Error' : 'Warning'}
      {field && ` in ${field}`}: {problem}. {action}.{' '}
      {block && <button type="button" onClick={show}>Show {block}</button>}
    </li>
  )
}
