import Box from '@cloudscape-design/components/box'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Definition } from '../definition'
import { Detectable } from '../detectable'
import { NumberInput } from './number-input'

const FEW_PERCENT = 5

interface Props {
  definition: Definition
  /** Who would get it, held-out people included. Undefined before they were counted. */
  people: number | undefined
  /** A campaign that has had a run keeps its holdout: otherwise it could not be measured. */
  isFixed: boolean
  onChange: (definition: Definition) => void
}

/** The holdout, and how long purchases count. */
export function MeasureForm({ definition, people, isFixed, onChange }: Props) {
  const percent = Math.round(definition.holdout.share * 100)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="The held-out people get nothing. What the others buy beyond them is what the campaign changed."
        >
          4. How it is measured
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ColumnLayout columns={2} minColumnWidth={200}>
          <NumberInput
            title="Held out"
            description="Chosen by chance once, and for all runs of the campaign."
            value={percent}
            least={1}
            most={90}
            unit="Percent of those who would get it"
            disabled={isFixed}
            onChange={(share) => onChange({ ...definition, holdout: { ...definition.holdout, share: share / 100 } })}
          />
          <NumberInput
            title="Purchases count for"
            description="From the day of a message, or the day it would have been sent."
            value={definition.result_days}
            least={1}
            most={365}
            unit="Days"
            disabled={isFixed}
            onChange={(result_days) => onChange({ ...definition, result_days })}
          />
        </ColumnLayout>
        {isFixed && <Box color="text-body-secondary">Both are fixed since the first run. Duplicate the campaign to change them.</Box>}
        {!isFixed && percent < FEW_PERCENT && (
          <Box color="text-status-warning">Less than {FEW_PERCENT} percent rarely measures anything: the result would stay inconclusive.</Box>
        )}
        {people !== undefined && people > 0 && <Detectable people={people} definition={definition} isOpen={!isFixed} />}
      </SpaceBetween>
    </Container>
  )
}
