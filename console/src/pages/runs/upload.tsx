import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FileUpload from '@cloudscape-design/components/file-upload'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import { useAction } from '../../api/use-action'
import { bytes } from '../../format/figures'
import { ProblemAlert } from '../../states/problem-alert'
import { sendFile } from './send-file'

const ACCEPTED = '.csv,.tsv,.txt,.gz,.parquet,.xlsx'

/** Sends a file from the browser into the uploads folder. Its run starts when it has arrived. */
export function Upload({ onUploaded }: { onUploaded: () => void }) {
  const [files, setFiles] = useState<File[]>([])
  const [sent, setSent] = useState(0)
  const [done, setDone] = useState('')
  const action = useAction()
  const [file] = files
  const upload = () => {
    if (!file) return
    setDone('')
    setSent(0)
    void action.run(() => sendFile(file, setSent)).then((succeeded) => {
      if (!succeeded) return
      setDone(file.name)
      setFiles([])
      onUploaded()
    })
  }
  return (
    <Container
      header={
        <Header variant="h2" description="A CSV, Excel or Parquet file of orders, or an export of a shop. It goes straight into your own bucket.">
          Upload orders
        </Header>
      }
    >
      <SpaceBetween size="s">
        <FormField>
          <FileUpload
            value={files}
            accept={ACCEPTED}
            showFileSize
            showFileLastModified
            onChange={({ detail }) => {
              setFiles(detail.value)
              action.clear()
            }}
            i18nStrings={{
              uploadButtonText: () => 'Choose a file',
              dropzoneText: () => 'Drop a file here',
              removeFileAriaLabel: () => 'Remove the file',
              limitShowFewer: 'Show fewer',
              limitShowMore: 'Show more',
              errorIconAriaLabel: 'Error',
            }}
          />
        </FormField>
        {file && (
          <Button variant="primary" loading={action.busy} onClick={upload}>
            Upload {bytes(file.size)}
          </Button>
        )}
        {action.busy && file && (
          <ProgressBar label={`Sending ${file.name}`} value={(100 * sent) / Math.max(1, file.size)} additionalInfo={`${bytes(sent)} of ${bytes(file.size)}`} />
        )}
        {action.problem && <ProblemAlert problem={action.problem} />}
        {done && <Alert type="success">{done} is uploaded. Its run appears below.</Alert>}
      </SpaceBetween>
    </Container>
  )
}
