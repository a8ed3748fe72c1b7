import Grid from '@cloudscape-design/components/grid'
import { useGet } from '../../api/use-get'
import { InsightsPage } from '../../parts/insights-page'
import { session } from '../../session/session'
import { Loaded } from '../../states/loaded'
import { CustomerFacts } from './customer-facts'
import { CustomerForecasts } from './customer-forecasts'
import { CustomerLabels } from './customer-labels'
import { CustomerProducts } from './customer-products'
import { CustomerScores } from './customer-scores'
import { explanationOf } from './explanation'
import { InWords } from './in-words'
import { LikelyProducts } from './likely-products'
import { MessageHistory } from './message-history'

const HALVES = [{ colspan: { default: 12, s: 6 } }, { colspan: { default: 12, s: 6 } }]

/** One customer: history, scores, forecasts, labels, and why. */
export function CustomerPage({ customerKey }: { customerKey: string }) {
  return (
    <InsightsPage title={`Customer ${customerKey.slice(0, 8)}`} intro={customerKey}>
      {(insights, run) => (
        <>
          <Customer customerKey={customerKey} run={run} currency={insights.currency} />
        </>
      )}
    </InsightsPage>
  )
}

function Customer({ customerKey, run, currency }: { customerKey: string; run: string | undefined; currency: string }) {
  const query = useGet('/v1/customers/{customer_key}', { customer_key: customerKey, run })
  return (
    <Loaded query={query} what="the customer">
      {({ profile, explanation, products, next_products: likely = [] }) => {
        const why = explanationOf(explanation)
        return (
          <div className="stack">
            {profile && <CustomerFacts profile={profile} currency={currency} />}
            <Grid gridDefinition={HALVES}>
              <CustomerScores scores={why.scores ?? null} cell={why.segment?.cell ?? null} currency={currency} />
              <CustomerLabels explanation={why} customerKey={customerKey} run={run} />
            </Grid>
            {why.forecast && <CustomerForecasts quantities={why.forecast.quantities} currency={currency} />}
            {likely.length > 0 && <LikelyProducts products={likely} run={run} />}
            {products && products.length > 0 && <CustomerProducts products={products} />}
            {session().hasCampaigns && <MessageHistory customerKey={customerKey} />}
            <InWords sentences={why.sentences} />
          </div>
        )
      }}
    </Loaded>
  )
}
