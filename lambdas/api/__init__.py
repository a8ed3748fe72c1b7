"""The JSON API: one app, as a Lambda function and under uvicorn on a laptop."""
