/** Why the API refused, as RFC 9457 has it. */
export interface Problem {
  title: string
  status: number
  detail: string
  /** Which field, and what is wrong with it. */
  errors: readonly { field: string; message: string }[]
}

export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail || problem.title)
    this.name = 'ApiError'
    this.problem = problem
  }
}

/** Reads the problem that a refused response holds. Any other body is described by its status. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null)
  const said = isRecord(body) ? body : {}
  return {
    title: textOf(said.title) || titleOf(response.status),
    status: response.status,
    detail: textOf(said.detail) || `The server answered ${response.status}.`,
    errors: Array.isArray(said.errors) ? said.errors.filter(isRecord).map(errorOf) : [],
  }
}

/** Describes what kept a request from an answer, whatever was thrown. */
export function problemFrom(thrown: unknown): Problem {
  if (thrown instanceof ApiError) return thrown.problem
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  return { title: 'The server cannot be reached', status: 0, detail, errors: [] }
}

function errorOf(error: Record<string, unknown>): { field: string; message: string } {
  return {
    field: textOf(error.where ?? error.field ?? error.loc ?? error.name),
    message: textOf(error.what ?? error.message ?? error.msg ?? error.detail),
  }
}

function titleOf(status: number): string {
  if (status === 401) return 'You are signed out'
  if (status === 403) return 'Your role does not permit this'
  if (status === 404) return 'There is no such thing'
  return 'The request failed'
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : Array.isArray(value) ? value.join('.') : ''
