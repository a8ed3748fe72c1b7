import type { CreatedKey, KeyRequest } from '../../api/schema'

export type Role = KeyRequest['role']

export const ROLES: readonly { value: Role; label: string; description: string }[] = [
  { value: 'viewer', label: 'Viewer', description: 'Reads figures of segments and runs, no customer.' },
  { value: 'marketer', label: 'Marketer', description: 'Reads customers too, starts and approves runs, edits segments.' },
  { value: 'admin', label: 'Admin', description: 'Changes settings, keys and users too.' },
]

export const roleWords = (role: CreatedKey['role']): string => ROLES.find((one) => one.value === role)?.label ?? role
