import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Icon, { type IconProps } from '@cloudscape-design/components/icon'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Alert } from '../../api/schema'
import { hrefOf } from '../../app/route'
import { Empty } from '../../states/empty'

interface Kind {
  icon: IconProps.Name
  variant: IconProps.Variant
  meaning: string
  href: (about: string) => string
  link: string
}

const segment = (about: string): string => hrefOf(['segments', 'rfm', about])
const runs = (): string => hrefOf(['runs'])

const KINDS: Readonly<Record<Alert['kind'], Kind>> = {
  segment_lost: { icon: 'arrow-down', variant: 'warning', meaning: 'Smaller', href: segment, link: 'Who left' },
  segment_won: { icon: 'arrow-up', variant: 'link', meaning: 'Larger', href: segment, link: 'Who came' },
  run_waited: { icon: 'status-pending', variant: 'warning', meaning: 'Waited', href: runs, link: 'See the runs' },
  destination_failed: { icon: 'status-negative', variant: 'error', meaning: 'Failed', href: runs, link: 'See the runs' },
  destination_held: { icon: 'status-pending', variant: 'warning', meaning: 'Held', href: runs, link: 'See the runs' },
}

/** What changed and is worth a look, the most important first. */
export function Alerts({ alerts }: { alerts: readonly Alert[] }) {
  return (
    <Container fitHeight header={<Header variant="h2" counter={alerts.length ? `(${alerts.length})` : ''}>Worth a look</Header>}>
      {alerts.length === 0 ? (
        <Empty title="Nothing unusual">No segment moved much, and every destination was updated.</Empty>
      ) : (
        <SpaceBetween size="s">
          {alerts.map((alert) => (
            <AlertLine key={alert.kind + alert.about} alert={alert} />
          ))}
        </SpaceBetween>
      )}
    </Container>
  )
}

function AlertLine({ alert }: { alert: Alert }) {
  const kind = KINDS[alert.kind]
  return (
    <div className="noted">
      <Icon name={kind.icon} variant={kind.variant} ariaLabel={kind.meaning} />
      <span>
        {alert.text} <Link href={kind.href(alert.about)}>{kind.link}</Link>
      </span>
    </div>
  )
}
