import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { hrefOf } from '../../app/route'
import { day } from '../../format/moments'
import { asSentence } from '../../format/words'
import { setTitle } from '../../parts/set-names'
import type { Explanation, LabelOf } from './explanation'

interface Props {
  explanation: Explanation
  asOf: string
}

/** The customer's label in each set, and how the segment changed. */
export function CustomerLabels({ explanation, asOf }: Props) {
  const { segment, sets, previous, move } = explanation
  const labels: [string, LabelOf][] = [...(segment ? [['rfm', segment] as [string, LabelOf]] : []), ...Object.entries(sets ?? {})]
  return (
    <Container fitHeight header={<Header variant="h2">Labels</Header>}>
      <SpaceBetween size="s">
        {labels.map(([set, one]) => (
          <div key={set}>
            <Box variant="awsui-key-label">{setTitle(set)}</Box>
            <Link href={hrefOf(['segments', set, one.label])}>{one.label}</Link>
            <Box variant="small" display="block" color="text-body-secondary">
              {one.meaning}
            </Box>
          </div>
        ))}
        <div>
          <Box variant="awsui-key-label">Over time</Box>
          {previous ? (
            <>
              {day(previous.as_of)}: {previous.segment}. {day(asOf)}: {segment?.label ?? 'no longer known'}.
              {move && <Box variant="p">{asSentence(`Moved because ${move.words}`)}</Box>}
            </>
          ) : (
            <Box color="text-body-secondary">{move ? asSentence(`New because ${move.words}`) : 'No earlier run knew the customer.'}</Box>
          )}
        </div>
      </SpaceBetween>
    </Container>
  )
}
