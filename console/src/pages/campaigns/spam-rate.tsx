import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { SpamRate as Entered } from '../../api/schema'
import { put, useAction } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { percent } from '../../format/figures'
import { day } from '../../format/moments'
import { Loaded } from '../../states/loaded'
import { ProblemAlert } from '../../states/problem-alert'
import { DayInput } from './builder/day-input'
import { today } from './definition'

/** Gmail's spam rate, which a person reads in Postmaster Tools: Gmail reports no complaint. */
export function SpamRate() {
  const query = useGet('/v1/postmaster', {})
  return (
    <Loaded query={query} what="Gmail's spam rate">
      {(entered) => <Form entered={entered} onSaved={query.reload} />}
    </Loaded>
  )
}

function Form({ entered, onSaved }: { entered: Entered; onSaved: () => void }) {
  const [typed, setTyped] = useState('')
  const [of, setOf] = useState(today())
  const action = useAction()
  const share = Number(typed) / 100
  const isRight = typed.trim() !== '' && share >= 0 && share <= 1
  const save = () =>
    void action.run(() => put('/v1/postmaster', {}, { day: of, share })).then((saved) => {
      if (!saved) return
      setTyped('')
      onSaved()
    })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="Gmail reports no complaints. Enter the spam rate that Postmaster Tools shows: from 0.1 % on, runs pause. It counts for seven days."
        >
          Gmail's spam rate
        </Header>
      }
    >
      <SpaceBetween size="s">
        <div>{wordsOf(entered)}</div>
        <ColumnLayout columns={3} minColumnWidth={180}>
          <FormField label="Spam rate" constraintText="Percent, such as 0.05">
            <Input type="number" step="any" value={typed} onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
          <DayInput title="Of the day" value={of} onChange={setOf} />
        </ColumnLayout>
        {action.problem && <ProblemAlert problem={action.problem} />}
        <Button loading={action.busy} disabled={!isRight || !of} onClick={save}>
          Save the spam rate
        </Button>
      </SpaceBetween>
    </Container>
  )
}

function wordsOf({ share, day: of, counts_until: until }: Entered): string {
  if (share === null || until === null) return 'None was entered yet, so complaints of Gmail users stop no run.'
  const last = `It was ${percent(share, 2)} on ${day(of)}.`
  return until < today() ? `${last} It no longer counts: enter another one.` : `${last} It counts until ${day(until)}.`
}
