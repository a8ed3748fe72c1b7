"""FinishRun: say what the run made, to people, programs and the catalog."""
