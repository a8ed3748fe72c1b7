variable "stage" {
  description = "The stage of cdk.json that was synthesized"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{0,9}$", var.stage))
    error_message = "A stage has 1 to 10 of a-z and 0-9, and begins with a letter."
  }
}

variable "assembly" {
  description = "The folder that `make synth STAGE=<stage>` wrote: cdk.out of the checkout"
  type        = string
}

variable "cdk_assets_version" {
  description = "The version of the npm package cdk-assets, which uploads code and templates"
  type        = string
  default     = "4.7.3"
}
