import '@cloudscape-design/global-styles/index.css'
import { I18nProvider } from '@cloudscape-design/components/i18n'
import messages from '@cloudscape-design/components/i18n/messages/all.en'
import { StrictMode, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { problemFrom } from './api/problem'
import { AppearanceProvider } from './app/appearance'
import { PAGES } from './app/pages'
import { parseRoute } from './app/route'
import { Shell } from './app/shell'
import { startSession } from './session/session'
import { ProblemAlert } from './states/problem-alert'
import './styles.css'

function show(content: ReactNode): void {
  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no element "root".')
  createRoot(root).render(
    <StrictMode>
      <I18nProvider locale="en" messages={[messages]}>
        <AppearanceProvider>{content}</AppearanceProvider>
      </I18nProvider>
    </StrictMode>,
  )
}

// The page's code arrives while the sign-in is under way.
const { page } = parseRoute(location.hash)
void PAGES.find((one) => one.id === page)?.load()

startSession().then(
  (session) => session && show(<Shell />),
  (thrown: unknown) => show(<ProblemAlert problem={{ ...problemFrom(thrown), title: 'Signing in failed' }} />),
)
