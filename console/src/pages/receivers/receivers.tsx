import Container from '@cloudscape-design/components/container'
import ContentLayout from '@cloudscape-design/components/content-layout'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState } from 'react'
import type { ReceiverList } from '../../api/schema'
import { sendFile, type Progress } from '../../api/send-file'
import { post } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { bytes } from '../../format/figures'
import { moment } from '../../format/moments'
import { FileSender } from '../../parts/file-sender'
import { slugOf } from '../../parts/slug'
import { Empty } from '../../states/empty'
import { Loaded } from '../../states/loaded'

/** Uploaded lists that a campaign can write to in place of customers. */
export default function ReceiversPage() {
  const lists = useGet('/v1/receivers', {})
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="A campaign can write to a list in place of customers. Consent, opt-outs and limits hold for its addresses too.">
          Lists of receivers
        </Header>
      }
    >
      <SpaceBetween size="l">
        <UploadList onUploaded={lists.reload} />
        <Loaded query={lists} what="the lists">
          {({ items }) => <ListTable lists={items} />}
        </Loaded>
      </SpaceBetween>
    </ContentLayout>
  )
}

function UploadList({ onUploaded }: { onUploaded: () => void }) {
  const [name, setName] = useState('')
  const upload = async (file: File, onProgress: Progress) => {
    const list = slugOf(name || file.name.replace(/\.[^.]*$/, ''), 'list')
    await sendFile(file, await post('/v1/receivers/{list_name}', { list_name: list }, { bytes: file.size }), onProgress)
    setName('')
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A CSV file with the column address, and country and time_zone if you have them. Templates can show every other column. It goes straight into your own bucket, and nobody can read it back from here."
        >
          Upload a list
        </Header>
      }
    >
      <SpaceBetween size="s">
        <FormField label="Name of the list" description="Empty for the name of the file. A list of the same name is replaced.">
          <Input value={name} onChange={({ detail }) => setName(detail.value)} />
        </FormField>
        <FileSender accept=".csv" send={upload} doneWords={(file) => `${file} is uploaded. A campaign can use it now.`} onDone={onUploaded} />
      </SpaceBetween>
    </Container>
  )
}

function ListTable({ lists }: { lists: readonly ReceiverList[] }) {
  return (
    <Table<ReceiverList>
      header={<Header variant="h2" counter={`(${lists.length})`}>Lists</Header>}
      items={lists}
      trackBy="name"
      ariaLabels={{ tableLabel: 'Lists of receivers' }}
      empty={<Empty title="No list was uploaded yet">Customers need none: they are chosen by segment.</Empty>}
      columnDefinitions={[
        { id: 'name', header: 'List', isRowHeader: true, cell: (one) => one.name },
        { id: 'bytes', header: 'Size', cell: (one) => bytes(one.bytes) },
        { id: 'uploaded', header: 'Uploaded', cell: (one) => moment(one.uploaded_at) },
      ]}
    />
  )
}
