"""What every capability builds with: functions, grants, code assets, regions and cdk-nag."""
