import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Link from '@cloudscape-design/components/link'
import { useState } from 'react'
import type { OfferGroup, SavedSet } from '../../../../api/schema'
import { get, useGet } from '../../../../api/use-get'
import { put } from '../../../../api/use-action'
import { hrefOf } from '../../../../app/route'
import { customers } from '../../../../format/figures'
import { FormDialog } from '../../../../parts/form-dialog'

interface Props {
  /** The segment set, as the plan has it. */
  definition: Readonly<Record<string, unknown>>
  groups: readonly OfferGroup[]
}

/** Saves the groups of an offer as a segment set in use, after a question. */
export function SaveSet({ definition, groups }: Props) {
  const [asks, setAsks] = useState(false)
  const [saved, setSaved] = useState<SavedSet>()
  const me = useGet('/v1/me', {})
  const name = String(definition.name)
  const save = async () => {
    const { version } = await get('/v1/segment-sets', {})
    setSaved(await put('/v1/segment-sets/{name}', { name }, { version, definition, in_use: true }))
    setAsks(false)
  }
  if (me.state !== 'ready' || !me.data.scopes.includes('segments:write')) return null
  return (
    <>
      {saved ? (
        <Alert type="success" header={`The segment set ${name} is saved`}>
          The next run labels customers by it, and every destination gets its segments. <Link href={hrefOf(['builder', name])}>Open the set</Link>
        </Alert>
      ) : (
        <Button onClick={() => setAsks(true)}>Save as a segment set…</Button>
      )}
      {asks && (
        <FormDialog title={`Save the segment set ${name}?`} submit="Save the set" onSubmit={save} onCancel={() => setAsks(false)}>
          <Box>The next run gives each customer of the campaign's audience one of these labels, and every destination gets them.</Box>
          <ul>
            {['First', 'Later', 'Leave'].map((label) => (
              <li key={label}>
                {label}: {customers(groups.filter((one) => one.label === label).reduce((sum, one) => sum + one.customers, 0))}
              </li>
            ))}
          </ul>
        </FormDialog>
      )}
    </>
  )
}
