import { InMemoryWebStorage, UserManager, WebStorageStateStore, type User } from 'oidc-client-ts'
import type { CognitoConfig } from './config'
import type { Session } from './session'

/**
 * Signs in on the pool's own page by authorization code and PKCE.
 *
 * Only the code verifier is kept in the tab's storage, for the way to the page and back.
 */
export async function signIn(config: CognitoConfig): Promise<Session | undefined> {
  const manager = managerOf(config)
  const query = new URLSearchParams(location.search)
  if (query.has('code') || query.has('error')) {
    const user = await manager.signinRedirectCallback()
    history.replaceState(null, '', `${location.pathname}${pageBefore(user)}`)
    return sessionOf(manager, config, user)
  }
  await manager.signinRedirect({ state: location.hash })
  return undefined
}

function managerOf(config: CognitoConfig): UserManager {
  const here = location.origin + location.pathname
  return new UserManager({
    authority: config.issuer,
    client_id: config.client_id,
    redirect_uri: here,
    response_type: 'code',
    scope: 'openid',
    // Named here, so that the page need not call the issuer for them.
    metadata: {
      issuer: config.issuer,
      authorization_endpoint: `${config.domain}/oauth2/authorize`,
      token_endpoint: `${config.domain}/oauth2/token`,
      revocation_endpoint: `${config.domain}/oauth2/revoke`,
    },
    loadUserInfo: false,
    userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  })
}

function sessionOf(manager: UserManager, config: CognitoConfig, signedIn: User): Session {
  let user = signedIn
  manager.events.addUserLoaded((renewed) => {
    user = renewed
  })
  manager.events.addAccessTokenExpired(() => void manager.signinRedirect({ state: location.hash }))
  return {
    user: nameOf(user),
    token: () => user.access_token,
    isLocal: false,
    hasCampaigns: config.campaigns === true,
    signOut: async () => {
      await manager.removeUser()
      const after = encodeURIComponent(location.origin + location.pathname)
      location.assign(`${config.domain}/logout?client_id=${config.client_id}&logout_uri=${after}`)
    },
  }
}

function pageBefore(user: User): string {
  return typeof user.state === 'string' ? user.state : ''
}

function nameOf(user: User): string {
  return user.profile.email ?? user.profile.sub
}
