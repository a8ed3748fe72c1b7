import { readConfig } from './config'

/** Who is signed in. The token is kept in memory, never in the browser's storage. */
export interface Session {
  user: string
  token: () => string
  /** Whether the server is on this machine. */
  isLocal: boolean
  /** Whether the stage has campaigns. */
  hasCampaigns: boolean
  /** Ends the session, where there is one to end. */
  signOut?: () => Promise<void>
}

let current: Session | undefined

/** Signs in. Returns undefined while the browser is on its way to the sign-in page. */
export async function startSession(): Promise<Session | undefined> {
  const config = await readConfig()
  if (config.mode === 'local') current = { user: 'This computer', token: () => config.token, isLocal: true, hasCampaigns: config.campaigns === true }
  else current = await (await import('./cognito')).signIn(config)
  return current
}

export function session(): Session {
  if (!current) throw new Error('Nobody is signed in.')
  return current
}
