import Alert from '@cloudscape-design/components/alert'

/** Stands above every figure that the simulator of this machine made up. */
export function Simulated() {
  return (
    <Alert type="warning" header="Simulated">
      The simulator of this machine made up these reactions and purchases. Nobody did any of this.
    </Alert>
  )
}
