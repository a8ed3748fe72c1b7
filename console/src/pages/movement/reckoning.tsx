import Container from '@cloudscape-design/components/container'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import type { Movement } from '../../api/schema'
import { change, count } from '../../format/figures'
import { day } from '../../format/moments'
import { BigFigure } from '../../parts/big-figure'

interface Props {
  movement: Movement
  before: string
  after: string
}

/** The customers of both runs: those before, with those who entered and without those who left. */
export function Reckoning({ movement, before, after }: Props) {
  const known = movement.stayed + movement.moved
  return (
    <Container>
      <KeyValuePairs
        columns={5}
        minColumnWidth={120}
        items={[
          { label: `Customers on ${day(before)}`, value: <BigFigure>{count(known + movement.left)}</BigFigure> },
          { label: 'Entered', value: <BigFigure>{change(movement.entered)}</BigFigure> },
          { label: 'Left', value: <BigFigure>{change(-movement.left)}</BigFigure> },
          { label: `Customers on ${day(after)}`, value: <BigFigure>{count(known + movement.entered)}</BigFigure> },
          {
            label: 'Moved within',
            value: <BigFigure note={`${count(movement.stayed)} stayed where they were`}>{count(movement.moved)}</BigFigure>,
          },
        ]}
      />
    </Container>
  )
}
