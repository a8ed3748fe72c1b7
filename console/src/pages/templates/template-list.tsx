import Button from '@cloudscape-design/components/button'
import ContentLayout from '@cloudscape-design/components/content-layout'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useRef, useState } from 'react'
import type { TemplateExport, TemplateFacts } from '../../api/schema'
import { post, useAction } from '../../api/use-action'
import { useGet } from '../../api/use-get'
import { goTo, hrefOf } from '../../app/route'
import { slugOf } from '../../parts/slug'
import { Loaded } from '../../states/loaded'
import { ProblemAlert } from '../../states/problem-alert'
import { BrandForm } from './brand-form'
import { NewTemplate } from './new-template'
import { TemplateTable } from './template-table'

/** The shop's templates, and the brand kit that all of them share. */
export function TemplateListPage() {
  const templates = useGet('/v1/templates', {})
  const brand = useGet('/v1/brand', {})
  // Undefined while nothing is made, null for a new template, or the one that is copied.
  const [making, setMaking] = useState<TemplateFacts | null>()
  return (
    <ContentLayout
      header={
        <Header
          variant="h1"
          description="E-mails made of blocks. A published version never changes."
          actions={
            <SpaceBetween size="xs" direction="horizontal">
              <ImportButton />
              <Button variant="primary" onClick={() => setMaking(null)}>
                New template
              </Button>
            </SpaceBetween>
          }
        >
          Templates
        </Header>
      }
    >
      <SpaceBetween size="l">
        <Loaded query={templates} what="the templates">
          {({ items }) => <TemplateTable templates={items} onDuplicate={setMaking} />}
        </Loaded>
        <Loaded query={brand} what="the brand kit">
          {(kit) => <BrandForm key={kit.version} kit={kit} onSaved={brand.reload} />}
        </Loaded>
      </SpaceBetween>
      {making !== undefined && <NewTemplate original={making} onCancel={() => setMaking(undefined)} />}
    </ContentLayout>
  )
}

function ImportButton() {
  const input = useRef<HTMLInputElement>(null)
  const action = useAction()
  const read = (file: File) =>
    void action.run(async () => {
      const exported = JSON.parse(await file.text()) as TemplateExport
      const { id } = await post('/v1/templates/{template_id}/import', { template_id: slugOf(String(exported.name), 'template') }, exported)
      goTo(hrefOf(['templates', id]))
    })
  return (
    <>
      {action.problem && <ProblemAlert problem={{ ...action.problem, title: 'The file was not imported' }} />}
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        aria-label="File of a template"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? []
          if (file) read(file)
          target.value = ''
        }}
      />
      <Button loading={action.busy} onClick={() => input.current?.click()}>
        Import
      </Button>
    </>
  )
}
