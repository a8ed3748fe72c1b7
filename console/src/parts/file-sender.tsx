import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import FileUpload from '@cloudscape-design/components/file-upload'
import FormField from '@cloudscape-design/components/form-field'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { Progress } from '../api/send-file'
import { useAction } from '../api/use-action'
import { bytes } from '../format/figures'
import { ProblemAlert } from '../states/problem-alert'

interface Props {
  /** Endings of names, with commas between. */
  accept: string
  send: (file: File, onProgress: Progress) => Promise<void>
  doneWords: (name: string) => string
  onDone: () => void
}

/** Chooses a file, sends it, and shows how far it is. */
export function FileSender({ accept, send, doneWords, onDone }: Props) {
  const [files, setFiles] = useState<File[]>([])
  const [sent, setSent] = useState(0)
  const [done, setDone] = useState('')
  const action = useAction()
  const [file] = files
  const upload = () => {
    if (!file) return
    setDone('')
    setSent(0)
    void action.run(() => send(file, setSent)).then((succeeded) => {
      if (!succeeded) return
      setDone(file.name)
      setFiles([])
      onDone()
    })
  }
  return (
    <SpaceBetween size="s">
      <FormField>
        <FileUpload
          value={files}
          accept={accept}
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
      {done && <Alert type="success">{doneWords(done)}</Alert>}
    </SpaceBetween>
  )
}
