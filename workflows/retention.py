"""Each night: families are told what will go, and what is overdue goes."""

from dataclasses import replace
from datetime import date

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.retention import RetentionActivities
    from domain.deadlines import paris_day
    from domain.nights import Batch, Done, EndOfNight, Stage
    from workflows.retries import BATCHES


@workflow.defn
class NightlyRetention:
    """One night. Its schedule starts it; what a night leaves undone, the next one finds."""

    @workflow.run
    async def run(self, stage: Stage) -> None:
        """Go through every category, batch after batch, in a new history now and then."""
        day = stage.day or paris_day(workflow.now())
        if stage.day is None:
            stage = replace(stage, day=day)
            await workflow.execute_activity_method(
                RetentionActivities.begin_night, Batch(day), **BATCHES
            )
        while stage.category is not None:
            stage = stage.after_batch(await _batch(stage, day))
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(stage)
        await workflow.execute_activity_method(
            RetentionActivities.end_night, EndOfNight(day, stage.failed), **BATCHES
        )


async def _batch(stage: Stage, day: date) -> Done:
    if stage.is_warned:
        return await workflow.execute_activity_method(
            RetentionActivities.erase_overdue, Batch(day, stage.after, stage.category), **BATCHES
        )
    return await workflow.execute_activity_method(
        RetentionActivities.warn_families, Batch(day, stage.after), **BATCHES
    )
