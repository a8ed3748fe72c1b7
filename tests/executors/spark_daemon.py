"""What Spark forks its Python workers from, with all that they import.

A worker asks all importers to look again at the beginning of each task, and collects garbage at its
end. Both take longer than most tasks here. So archives are not read again, and what was imported is
frozen.
"""

from __future__ import annotations

import functools
import gc
import zipimport

import boto3
import botocore.session
import pandas as pd  # noqa: F401 (as the next two are, for the workers)
from pyspark.daemon import manager

import adapters.engines.spark.prepare
import adapters.engines.spark.query  # noqa: F401

zipimport.zipimporter.invalidate_caches = lambda _: None  # type: ignore[method-assign]
botocore.session.create_loader = functools.cache(botocore.session.create_loader)
boto3.client("s3")  # whose description the loader keeps
boto3.DEFAULT_SESSION = None
gc.collect()
gc.freeze()

if __name__ == "__main__":
    manager()
