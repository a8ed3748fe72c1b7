import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useMemo, useState } from 'react'
import type { CheckedTemplate } from '../../api/schema'
import { post, put, useAction } from '../../api/use-action'
import { get } from '../../api/use-get'
import type { TemplateClient } from '../../campaigns/editor/client'
import type { Brand, TemplateDocument } from '../../campaigns/compiler/document.ts'
import TemplateEditor from '../../campaigns/editor/editor'
import { TestButton } from '../../parts/test-button'
import { session } from '../../session/session'
import { ProblemAlert } from '../../states/problem-alert'
import { CustomerPreview } from './customer-preview'
import { Published } from './template-table'

const ROUTE = '/v1/templates/{template_id}'

/** One template in the editor, with its publishing and a preview for a customer. */
export default function TemplatePage({ id }: { id: string }) {
  const [saved, setSaved] = useState<CheckedTemplate>()
  const client = useMemo(() => clientOf(id, setSaved), [id])
  return (
    <SpaceBetween size="l">
      {saved && <Publishing template={saved} onPublished={setSaved} />}
      <TemplateEditor client={client} />
      {saved && <CustomerPreview key={saved.version} id={id} />}
    </SpaceBetween>
  )
}

function Publishing({ template, onPublished }: { template: CheckedTemplate; onPublished: (template: CheckedTemplate) => void }) {
  const action = useAction()
  const publish = () =>
    void action.run(async () =>
      onPublished(await post('/v1/templates/{template_id}/publish', { template_id: template.id }, { version: template.version })),
    )
  return (
    <SpaceBetween size="s">
      {action.problem && <ProblemAlert problem={action.problem} />}
      <Alert
        type="info"
        header="Published"
        action={
          <SpaceBetween size="xs" direction="horizontal">
            {session().hasCampaigns && template.published && (
              <TestButton template={template.id} version={template.published.number}>
                Send a test
              </TestButton>
            )}
            <Button loading={action.busy} onClick={publish}>
              Publish
            </Button>
          </SpaceBetween>
        }
      >
        <Published template={template} /> Publishing takes the draft as it was saved last: version {template.version}.
      </Alert>
    </SpaceBetween>
  )
}

/** Saves each draft on top of the one that was read or saved before. */
function clientOf(id: string, onSaved: (template: CheckedTemplate) => void): TemplateClient {
  let last: CheckedTemplate | undefined
  const keep = (template: CheckedTemplate) => {
    last = template
    onSaved(template)
  }
  return {
    load: async () => {
      const [template, kit] = await Promise.all([get(ROUTE, { template_id: id }), get('/v1/brand', {})])
      keep(template)
      return { name: template.name, document: template.template as unknown as TemplateDocument, brand: kit.brand as Brand }
    },
    save: async (document) => {
      const { version, name } = last!
      keep(await put(ROUTE, { template_id: id }, { version, name, template: { ...document } }))
      return last!.findings
    },
  }
}
