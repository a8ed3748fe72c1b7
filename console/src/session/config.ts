/** What the server that holds the page says about its stage. */
interface StageConfig {
  /** Whether the stage has campaigns. */
  campaigns?: boolean
}

/** A console on this machine. */
export interface LocalConfig extends StageConfig {
  mode: 'local'
  token: string
}

/** A Cognito user pool. Its token endpoint is on `domain`, the only other origin the page may call. */
export interface CognitoConfig extends StageConfig {
  mode: 'cognito'
  domain: string
  issuer: string
  client_id: string
}

export type Config = LocalConfig | CognitoConfig

export async function readConfig(): Promise<Config> {
  const response = await fetch('./config.json', { cache: 'no-store' })
  if (!response.ok) throw new Error(`config.json cannot be read: the server answered ${response.status}.`)
  const config = (await response.json()) as Partial<Config>
  if (config.mode === 'local' && config.token) return config as LocalConfig
  if (config.mode === 'cognito' && config.domain && config.issuer && config.client_id)
    return config as CognitoConfig
  throw new Error('config.json names no way to sign in: expected the mode "local" or "cognito".')
}
