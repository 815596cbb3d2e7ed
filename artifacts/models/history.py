"""What a run logged while it went on."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from artifacts.models.contents import Run


class RunWriter(models.Model):
    """One of several processes that report one run: how many lines of each kind it has sent."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="writers")
    name = models.CharField(max_length=128, help_text="the id that the process gave itself")
    history_line_count = models.PositiveIntegerField(default=0)
    log_line_count = models.PositiveIntegerField(default=0)
    event_line_count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "name"], name="run_writer_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.run}"


class HistoryLine(models.Model):
    """One `run.log` of a script, the text of a JSON object as the script sent it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="history")
    number = models.PositiveIntegerField(help_text="counted from 0")
    step = models.BigIntegerField(help_text="as the script counts")
    line = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="history_line_unique"),
        ]
        indexes: ClassVar = [models.Index(fields=["run", "step"])]

    def __str__(self) -> str:
        return f"{self.run} at {self.step}"
