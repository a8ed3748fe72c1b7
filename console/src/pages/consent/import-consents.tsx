import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { ConsentReport, RefusedConsent } from '../../api/schema'
import { sendFile, type Progress } from '../../api/send-file'
import { post } from '../../api/use-action'
import { count, counted } from '../../format/figures'
import { FileSender } from '../../parts/file-sender'
import { PlainTable } from '../../parts/plain-table'

/** Imports a file of consents. Each line is taken, or refused with its reason. */
export function ImportConsents({ onImported }: { onImported: () => void }) {
  const [report, setReport] = useState<ConsentReport>()
  const upload = async (file: File, onProgress: Progress) => {
    setReport(undefined)
    const target = await post('/v1/consent/imports', {}, { bytes: file.size })
    await sendFile(file, target, onProgress)
    setReport(await post('/v1/consent/imports/{import_id}/start', { import_id: target.name }, undefined))
  }
  return (
    <Container
      header={
        <Header
          variant="h2"
          description="A CSV file with the columns address, state and at, and any of basis, purpose, text_version, proof, country and expires_at. A file that was imported before changes nothing."
        >
          Import consents
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FileSender accept=".csv" send={upload} doneWords={(name) => `${name} is imported.`} onDone={onImported} />
        {report && <Report report={report} />}
      </SpaceBetween>
    </Container>
  )
}

function Report({ report: { added, erased = 0, refused, refusals, states } }: { report: ConsentReport }) {
  return (
    <SpaceBetween size="s">
      <Box>
        Imported: {counted(added, 'line')}{statesOf(states)}. Refused: {counted(refused, 'line')}.
        {erased > 0 && ` Ignored: ${counted(erased, 'consent')} of erased people.`}
      </Box>
      {refused > 0 && (
        <>
          <Alert type="warning">A refused line changes nothing. Correct these lines and import the file again.{refused > refusals.length && ` The first ${count(refusals.length)} are listed.`}</Alert>
          <PlainTable<RefusedConsent>
            label="Refused lines"
            items={refusals}
            trackBy={({ line, column }) => `${line} ${column}`}
            columns={[
              { id: 'line', header: 'Line', isRowHeader: true, minWidth: 80, cell: (one) => count(one.line) },
              { id: 'column', header: 'Column', cell: (one) => one.column },
              { id: 'expected', header: 'Expected', minWidth: 260, cell: (one) => one.expected },
            ]}
          />
        </>
      )}
    </SpaceBetween>
  )
}

function statesOf(states: Readonly<Record<string, number>>): string {
  const parts = Object.entries(states).map(([state, lines]) => `${state} ${count(lines)}`)
  return parts.length > 0 ? ` (${parts.join(', ')})` : ''
}
