import { useRoute } from '../../app/route'
import { RunList } from './run-list'
import { RunPage } from './run-page'

/** Every run and the upload of files, or one run's own page. */
export default function RunsPage() {
  const [run] = useRoute().rest
  return run ? <RunPage runId={run} /> : <RunList />
}
