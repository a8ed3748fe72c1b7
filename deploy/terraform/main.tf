# The templates and their assets are what `make synth` wrote. Terraform uploads and deploys them,
# and decides nothing about their content.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  artifacts = jsondecode(file("${var.assembly}/manifest.json")).artifacts
  stacks = {
    for name, artifact in local.artifacts : name => artifact
    if artifact.type == "aws:cloudformation:stack"
  }

  data_stack     = "Tessera-${var.stage}-Data"
  pipeline_stack = "Tessera-${var.stage}-Pipeline"
  console_stack  = "Tessera-${var.stage}-Console"

  # cdk-assets and CloudFormation would fill these in.
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  region    = data.aws_region.current.name

  template_places = {
    for name, stack in local.stacks : name => regex(
      "^s3://(?P<bucket>[^/]+)/(?P<key>.+)$",
      replace(
        replace(stack.properties.stackTemplateAssetObjectUrl, "$${AWS::AccountId}", local.account),
        "$${AWS::Region}", local.region
      )
    )
  }
  template_urls = {
    for name, place in local.template_places : name =>
    "https://${place.bucket}.s3.${local.region}.${data.aws_partition.current.dns_suffix}/${place.key}"
  }
  execution_roles = {
    for name, stack in local.stacks : name => replace(
      replace(
        replace(
          stack.properties.cloudFormationExecutionRoleArn, "$${AWS::Partition}", local.partition
        ),
        "$${AWS::AccountId}", local.account
      ),
      "$${AWS::Region}", local.region
    )
  }
}

# Upload the code and the templates to the bucket of the CDK's bootstrap.
resource "terraform_data" "assets" {
  for_each = local.stacks

  triggers_replace = [local.template_urls[each.key], var.cdk_assets_version]

  provisioner "local-exec" {
    command = "npx --yes cdk-assets@${var.cdk_assets_version} publish --path '${var.assembly}/${each.key}.assets.json'"

    environment = {
      AWS_REGION = local.region
    }
  }
}

resource "aws_cloudformation_stack" "data" {
  name         = local.data_stack
  template_url = local.template_urls[local.data_stack]
  iam_role_arn = local.execution_roles[local.data_stack]
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]

  depends_on = [terraform_data.assets]

  # It holds the customers' history. CloudFormation retains the data, Terraform the stack.
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_cloudformation_stack" "pipeline" {
  name         = local.pipeline_stack
  template_url = local.template_urls[local.pipeline_stack]
  iam_role_arn = local.execution_roles[local.pipeline_stack]
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]

  depends_on = [terraform_data.assets, aws_cloudformation_stack.data]

  lifecycle {
    precondition {
      condition = (
        setunion(keys(local.stacks), [local.console_stack]) ==
        toset([local.data_stack, local.pipeline_stack, local.console_stack])
      )
      error_message = "The assembly has other stacks than this module deploys: ${join(", ", keys(local.stacks))}."
    }

    precondition {
      condition     = alltrue([for stack in local.stacks : endswith(stack.environment, "/${local.region}")])
      error_message = "The assembly was synthesized for another region than the provider's, ${local.region}."
    }
  }
}

# Only where the stage has `console.enabled`.
resource "aws_cloudformation_stack" "console" {
  for_each = toset([for name in keys(local.stacks) : name if name == local.console_stack])

  name         = each.key
  template_url = local.template_urls[each.key]
  iam_role_arn = local.execution_roles[each.key]
  capabilities = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]

  depends_on = [terraform_data.assets, aws_cloudformation_stack.pipeline]
}
