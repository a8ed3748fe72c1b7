import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { useMemo, useState } from 'react'
import type { Movement } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { Chart } from '../../charts/chart'
import { flowOption, type FlowLink, type FlowNode } from '../../charts/flow'
import { customers } from '../../format/figures'
import { day } from '../../format/moments'
import { Empty } from '../../states/empty'
import { flowOf, labelOf } from './flow'

interface Props {
  movement: Movement
  before: string
  after: string
}

export function FlowChart({ movement, before, after }: Props) {
  const [stayed, setStayed] = useState(false)
  const { appearance } = useAppearance()
  const flow = useMemo(() => flowOf(movement, appearance, { stayed }), [movement, appearance, stayed])
  const option = useMemo(
    () =>
      flowOption({
        ...flow,
        appearance,
        describe: (link: FlowLink) => `${labelOf(link.source)} → ${labelOf(link.target)}: ${customers(link.customers)}`,
        describeNode: (node: FlowNode) => `${node.label}, ${day(node.side === 'before' ? before : after)}`,
      }),
    [flow, appearance, before, after],
  )
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={`${day(before)} on the left, ${day(after)} on the right. Both sides have the same customers.`}
          actions={
            <Toggle checked={stayed} onChange={({ detail }) => setStayed(detail.checked)}>
              Show those who stayed
            </Toggle>
          }
        >
          Flow between two runs
        </Header>
      }
    >
      <SpaceBetween size="s">
        {flow.links.length === 0 ? (
          <Empty title="Nobody moved" />
        ) : (
          <Chart label="Customers by previous and present segment. The tables below have the numbers." option={option} height={540} />
        )}
      </SpaceBetween>
    </Container>
  )
}
