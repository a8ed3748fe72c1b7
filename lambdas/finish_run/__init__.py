"""FinishRun: publish what the run made, to people, programs and the catalog."""
