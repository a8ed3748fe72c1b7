import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { SettingsDocument } from '../../api/schema'
import { put, useAction } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { moment } from '../../format/moments'
import { Loaded } from '../../states/loaded'
import { ProblemAlert } from '../../states/problem-alert'
import { SettingFields } from './setting-fields'
import { TomlView } from './toml-view'

/** The tenant's settings, checked as the file is. The next run uses them. */
export default function SettingsPage() {
  const query = useGet('/v1/settings', {})
  return (
    <ContentLayout
      header={
        <Header variant="h1" description="The next run uses them. A setting that you do not change has the stage's default.">
          Settings
        </Header>
      }
    >
      <Loaded query={query} what="the settings">
        {(document) => <Editor key={document.version} document={document} onSaved={query.reload} />}
      </Loaded>
    </ContentLayout>
  )
}

function Editor({ document, onSaved }: { document: SettingsDocument; onSaved: () => void }) {
  const [own, setOwn] = useState<Readonly<Record<string, unknown>>>(document.settings)
  const action = useAction()
  const changed = JSON.stringify(own) !== JSON.stringify(document.settings)
  const save = () =>
    void action.run(() => put('/v1/settings', {}, { version: document.version, settings: { ...own } })).then((done) => done && onSaved())
  return (
    <SpaceBetween size="l">
      {action.problem && <ProblemAlert problem={action.problem} />}
      <SettingFields own={own} effective={document.effective} onChange={setOwn} />
      <SpaceBetween size="xs" direction="horizontal">
        <Button variant="primary" disabled={!changed} loading={action.busy} onClick={save}>
          Save
        </Button>
        <Button disabled={!changed || action.busy} onClick={() => setOwn(document.settings)}>
          Undo changes
        </Button>
      </SpaceBetween>
      <TomlView toml={document.toml} saved={savedWords(document)} />
    </SpaceBetween>
  )
}

function savedWords({ version, saved_by: by, saved_at: at }: SettingsDocument): string {
  return version === 0 ? 'Never saved here.' : `Version ${version}, saved by ${by ?? 'somebody'} on ${moment(at)}.`
}
