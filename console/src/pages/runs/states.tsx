import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Steps from '@cloudscape-design/components/steps'
import type { StateProgress } from '../../api/schema'
import { duration } from '../../format/moments'
import { Empty } from '../../states/empty'

/** The states that do work, in words. Choices and the like take no time, and are omitted. */
const WORDS: Readonly<Record<string, string>> = {
  CheckUpload: 'Check the upload',
  Prepare: 'Read and prepare the orders',
  TrainKMeans: 'Train the clusters',
  TrainForecasts: 'Train the forecasts',
  TrainChurn: 'Learn who cancels',
  Score: 'Score the customers',
  AwaitApproval: 'Wait for an approval',
  MapSchema: 'Write what destinations get',
  Activate: 'Send to destinations',
  FinishRun: 'Write the results',
  FailRun: 'Record the failure',
}

/** How far the run is, state by state. */
export function States({ states }: { states: readonly StateProgress[] }) {
  return (
    <Container header={<Header variant="h2">Progress</Header>}>
      {states.length === 0 ? (
        <Empty title="The states are no longer kept">They are kept for a limited time.</Empty>
      ) : (
        <div aria-live="polite">
          <Steps
            ariaLabel="States of the run"
            steps={states.filter((state) => state.name in WORDS).map((state) => ({
              header: WORDS[state.name] ?? state.name,
              status: state.exited_at ? 'success' : 'loading',
              statusIconAriaLabel: state.exited_at ? 'Done' : 'Under way',
              details: state.exited_at ? duration((Date.parse(state.exited_at) - Date.parse(state.entered_at)) / 1000) : 'under way',
            }))}
          />
        </div>
      )}
    </Container>
  )
}
