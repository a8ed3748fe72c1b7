import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import { sendFile, type Progress } from '../../api/send-file'
import { post } from '../../api/use-action'
import { FileSender } from '../../parts/file-sender'

const ACCEPTED = '.csv,.tsv,.txt,.gz,.parquet,.xlsx'

/** Sends a file from the browser into the uploads folder. Its run starts when it has arrived. */
export function Upload({ onUploaded }: { onUploaded: () => void }) {
  return (
    <Container
      header={
        <Header variant="h2" description="A CSV, Excel or Parquet file of orders, or an export of a shop. It goes straight into your own bucket.">
          Upload orders
        </Header>
      }
    >
      <FileSender accept={ACCEPTED} send={upload} doneWords={(name) => `${name} is uploaded. Its run appears below.`} onDone={onUploaded} />
    </Container>
  )
}

async function upload(file: File, onProgress: Progress): Promise<void> {
  await sendFile(file, await post('/v1/uploads', {}, { name: file.name, bytes: file.size }), onProgress)
}
