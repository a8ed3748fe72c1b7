import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { RunOfDay, SegmentFlow } from '../../api/schema'
import { change, count } from '../../format/figures'
import { day } from '../../format/moments'
import { causeColumn } from '../../parts/cause-column'
import { PlainTable } from '../../parts/plain-table'
import { Empty } from '../../states/empty'

interface Row {
  cause: string
  came: number
  went: number
}

interface Props {
  flow: SegmentFlow | undefined
  previous: RunOfDay | null
}

/** Who entered the segment and who left it since the previous run, by cause. */
export function SegmentFlows({ flow, previous }: Props) {
  return (
    <Container
      fitHeight
      header={
        <Header variant="h2" description={previous && flow ? `Since ${day(previous.as_of)}: ${count(flow.before)} then, ${count(flow.after)} now.` : undefined}>
          Who came, who went
        </Header>
      }
    >
      {flow ? <Causes flow={flow} /> : <NoFlow isFirst={!previous} />}
    </Container>
  )
}

function Causes({ flow }: { flow: SegmentFlow }) {
  const names = new Set([...Object.keys(flow.in_by_cause), ...Object.keys(flow.out_by_cause)])
  const rows: Row[] = [...names].map((cause) => ({
    cause,
    came: flow.in_by_cause[cause] ?? 0,
    went: flow.out_by_cause[cause] ?? 0,
  }))
  return (
    <PlainTable<Row>
      label="Causes"
      items={rows.filter((row) => row.came || row.went)}
      trackBy="cause"
      empty={<Empty title="Nobody came or went" />}
      columns={[
        { ...causeColumn, minWidth: 220 },
        { id: 'came', header: 'Came', cell: (row) => change(row.came) },
        { id: 'went', header: 'Went', cell: (row) => change(-row.went) },
      ]}
    />
  )
}

function NoFlow({ isFirst }: { isFirst: boolean }) {
  if (isFirst) return <Empty title="No run to compare with">Movement begins with the second run.</Empty>
  return <Empty title="The segment is new in this run">Its movement begins with the next run.</Empty>
}
