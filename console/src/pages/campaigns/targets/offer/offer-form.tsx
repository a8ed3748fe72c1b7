import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { Offer } from '../../../../api/schema'
import { useAction } from '../../../../api/use-action'
import { asSentence } from '../../../../format/words'
import { ProblemAlert } from '../../../../states/problem-alert'
import { EMPTY, faultsOf, fieldOf, termsOf, type Field } from './terms'

interface Props {
  currency: string
  onPlan: (terms: Offer) => Promise<void>
}

/** Cost, margin and budget of an offer. What is wrong stands at its field. */
export function OfferForm({ currency, onPlan }: Props) {
  const [typed, setTyped] = useState(EMPTY)
  const [isTried, setTried] = useState(false)
  const action = useAction()
  const faults = faultsOf(typed)
  const refused = action.problem && fieldOf(action.problem)
  const inMoney = currency ? `In ${currency}` : 'In the currency of the orders'
  const plan = () => {
    setTried(true)
    if (Object.values(faults).every((fault) => fault === '')) void action.run(() => onPlan(termsOf(typed)))
  }
  const input = (field: Field, label: string, description: string, unit: string) => (
    <FormField
      label={label}
      description={description}
      constraintText={unit}
      errorText={(isTried || typed[field] !== '') && faults[field] ? faults[field] : refused === field ? asSentence(action.problem?.detail ?? '') : ''}
    >
      <Input
        type="number"
        inputMode="decimal"
        step="any"
        value={typed[field]}
        onChange={({ detail }) => {
          setTyped({ ...typed, [field]: detail.value })
          action.clear()
        }}
      />
    </FormField>
  )
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        plan()
      }}
    >
      <SpaceBetween size="m">
        <ColumnLayout columns={3} minColumnWidth={200}>
          {input('cost', 'Cost', 'Of writing to one person, a discount that everybody gets included.', inMoney)}
          {input('margin', 'Margin', 'The share of revenue that is left after the goods are paid.', 'Percent of revenue')}
          {input('budget', 'Budget', 'At most this much is spent. Empty for no limit.', inMoney)}
        </ColumnLayout>
        {action.problem && !refused && <ProblemAlert problem={action.problem} />}
        <Button loading={action.busy}>Plan the offer</Button>
      </SpaceBetween>
    </form>
  )
}
