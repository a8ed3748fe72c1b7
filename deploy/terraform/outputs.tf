output "data" {
  description = "The outputs of the data stack: buckets, table, database"
  value       = aws_cloudformation_stack.data.outputs
}

output "pipeline" {
  description = "The outputs of the pipeline stack: state machine, topic, functions"
  value       = aws_cloudformation_stack.pipeline.outputs
}

output "console" {
  description = "The outputs of the console's stack: its address and sign-in. Null without a console"
  value       = one([for stack in aws_cloudformation_stack.console : stack.outputs])
}
