import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useCallback, useMemo } from 'react'
import type { LabelledGroup } from '../../api/schema'
import { useAppearance } from '../../app/appearance'
import { goTo, hrefOf } from '../../app/route'
import { Chart } from '../../charts/chart'
import { sharesOption } from '../../charts/shares'
import { customers, money } from '../../format/figures'
import { GroupTable } from '../segments/group-table'

interface Props {
  set: string
  groups: readonly LabelledGroup[]
  currency: string
  run?: string | undefined
}

/** The segments as two bars: how many customers each has, and how much of the money. */
export function SegmentBars({ set, groups, currency, run }: Props) {
  const { appearance } = useAppearance()
  const option = useMemo(() => {
    const byLabel = new Map(groups.map((group) => [group.group, group]))
    return sharesOption({
      bars: ['Customers', 'Money'],
      shares: groups.map((group) => ({ label: group.group, percentages: [group.percentage, group.monetary_percentage] })),
      appearance,
      describe: (label, bar) => {
        const group = byLabel.get(label)
        if (!group) return label
        return `${label}: ${bar === 0 ? customers(group.uuids) : money(group.monetary, currency)}`
      },
    })
  }, [groups, currency, appearance])
  const open = useCallback((label: string) => goTo(hrefOf(['segments', set, label], { run })), [set, run])
  return (
    <Container
      header={
        <Header variant="h2" description="Each segment's share of the customers, and of the money." actions={<Link href={hrefOf(['segments'], { run })}>All segment sets</Link>}>
          Segments
        </Header>
      }
    >
      <SpaceBetween size="m">
        <Chart
          label="Two bars: each segment's share of the customers and of the money. The table below has the numbers."
          option={option}
          height={110}
          onSelect={open}
        />
        <GroupTable set={set} groups={groups} currency={currency} run={run} isShort />
      </SpaceBetween>
    </Container>
  )
}
