import Button from '@cloudscape-design/components/button'
import { downloadCsv } from '../api/download'
import type { Parameters } from '../api/request'
import { useAction } from '../api/use-action'
import { ProblemAlert } from '../states/problem-alert'

interface Props {
  path: string
  parameters: Parameters
  /** What the file is called. */
  name: string
}

/** Saves every page of a CSV route as one file. */
export function DownloadCsv({ path, parameters, name }: Props) {
  const action = useAction()
  return (
    <>
      {action.problem && <ProblemAlert problem={action.problem} />}
      <Button iconName="download" loading={action.busy} onClick={() => void action.run(() => downloadCsv(path, parameters, name))}>
        Download CSV
      </Button>
    </>
  )
}
