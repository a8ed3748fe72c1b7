output "data" {
  description = "The outputs of the data stack: buckets, table, database"
  value       = aws_cloudformation_stack.data.outputs
}

output "pipeline" {
  description = "The outputs of the pipeline stack: state machine, topic, functions"
  value       = aws_cloudformation_stack.pipeline.outputs
}
