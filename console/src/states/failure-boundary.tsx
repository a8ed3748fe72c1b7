import { Component, type ReactNode } from 'react'
import { ProblemAlert } from './problem-alert'

interface Props {
  /** A new value clears the failure: the page that was left. */
  at: string
  children: ReactNode
}

interface State {
  at: string
  failure: Error | null
}

/** Keeps a page that fails from taking the whole console with it. */
export class FailureBoundary extends Component<Props, State> {
  override state: State = { at: this.props.at, failure: null }

  static getDerivedStateFromError(failure: Error): Partial<State> {
    return { failure }
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    return props.at === state.at ? null : { at: props.at, failure: null }
  }

  override render(): ReactNode {
    const { failure } = this.state
    if (!failure) return this.props.children
    const problem = { title: 'This page failed', status: 0, detail: failure.message, errors: [] }
    return <ProblemAlert problem={problem} onRetry={() => location.reload()} />
  }
}
