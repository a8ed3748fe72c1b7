"""TrainForecasts before Score, in one container: its channels are links to Score's inputs."""

from __future__ import annotations

import tarfile

from adapters.aws.container import Container
from steps.train.forecasts import learn_forecasts
from tessera.records.scoring.forecast_models import ForecastModels

CHANNELS = ("behaviour_days", "record", "previous", "ticket")


def learn(container: Container) -> ForecastModels:
    """Learn from Score's other inputs, and put the archive among them."""
    for name in CHANNELS:
        channel = container.channel(name)
        channel.parent.mkdir(parents=True, exist_ok=True)
        if not channel.exists():
            channel.symlink_to(container.input(name))
    record = learn_forecasts(container)
    folder = container.input("forecasts")
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        archive.add(container.model / "forecasts.json", "forecasts.json")
    return record
