"""The app in another place: an AWS account, or a `tessera serve` process of this machine."""
