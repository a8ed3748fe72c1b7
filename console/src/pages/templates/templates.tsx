import { lazy } from 'react'
import { useRoute } from '../../app/route'
import { TemplateListPage } from './template-list'

/** Loaded when a template is opened: the editor is larger than the rest of the console. */
const TemplatePage = lazy(() => import('./template-page'))

/** Every template and the brand kit, or one template in the editor. */
export default function TemplatesPage() {
  const [id] = useRoute().rest
  return id ? <TemplatePage key={id} id={id} /> : <TemplateListPage />
}
