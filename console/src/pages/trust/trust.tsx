import { InsightsPage } from '../../parts/insights-page'
import { Empty } from '../../states/empty'
import { Calibration } from './calibration'
import { Quantities } from './quantities'
import { TestFacts } from './test-facts'

export default function TrustPage() {
  return (
    <InsightsPage
      title="Can you trust the forecasts?"
      intro="Every run forecasts days that it has hidden from itself, and compares with what happened."
    >
      {({ forecasts, forecast_text: text, models }) => {
        if (forecasts.length === 0)
          return <Empty title="This run has no forecasts">{text || 'There is too little history to test one.'}</Empty>
        const card = models?.card
        return (
          <>
            <Quantities forecasts={forecasts} text={text.replace(/^Forecasts\. /, '')} />
            {card && <TestFacts card={card} />}
            {card?.calibration && card.calibration.length > 0 && (
              <Calibration groups={card.calibration} days={card.holdout_days} />
            )}
          </>
        )
      }}
    </InsightsPage>
  )
}
