import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { hrefOf } from '../../app/route'
import { setTitle } from '../../parts/set-names'
import { Small } from '../../parts/small'
import type { Explanation, LabelOf } from './explanation'
import { LabelsOverTime } from './labels-over-time'

interface Props {
  explanation: Explanation
  customerKey: string
  run: string | undefined
}

/** The customer's label in each set, and the segment over time. */
export function CustomerLabels({ explanation, customerKey, run }: Props) {
  const { segment, sets } = explanation
  const labels: [string, LabelOf][] = [...(segment ? [['rfm', segment] as [string, LabelOf]] : []), ...Object.entries(sets ?? {})]
  return (
    <Container fitHeight header={<Header variant="h2">Labels</Header>}>
      <SpaceBetween size="s">
        {labels.map(([set, one]) => (
          <div key={set}>
            <Box variant="awsui-key-label">{setTitle(set)}</Box>
            <Link href={hrefOf(['segments', set, one.label])}>{one.label}</Link>
            <Small>{one.meaning}</Small>
          </div>
        ))}
        <div>
          <Box variant="awsui-key-label">Over time</Box>
          <LabelsOverTime customerKey={customerKey} run={run} />
        </div>
      </SpaceBetween>
    </Container>
  )
}
