import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { InsightsPage } from '../../parts/insights-page'
import { setTitle } from '../../parts/set-names'
import { Empty } from '../../states/empty'
import { GroupTable } from '../segments/group-table'
import { RiskMap } from './risk-map'
import { ValueHistogram } from './value-histogram'

export default function ValueRiskPage() {
  return (
    <InsightsPage title="Value and risk" intro="Which customers to keep, to win back, and to let go.">
      {({ value, sets, currency, forecasts }, run) => {
        const map = value?.churn_by_value
        const set = sets.value_at_risk
        const money = forecasts.find((forecast) => forecast.name === 'money')
        return (
          <>
            {map ? (
              <RiskMap map={map} currency={currency} run={run} />
            ) : (
              <Empty title="This run has no map of value and risk">
                The map needs the sets “{setTitle('value_tier')}” and “{setTitle('churn_band')}” in the settings.
              </Empty>
            )}
            {set && (
              <Container header={<Header variant="h2" description={set.meaning}>What to do</Header>}>
                <GroupTable set="value_at_risk" groups={set.groups} currency={currency} run={run} isShort />
              </Container>
            )}
            <ValueHistogram bins={value?.clv_histogram ?? null} reasons={money?.verdict.reasons ?? []} currency={currency} />
          </>
        )
      }}
    </InsightsPage>
  )
}
