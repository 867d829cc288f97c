"""How messages and failures become bytes in the engine."""

from dataclasses import replace

from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.converter import DefaultFailureConverter, PayloadConverter
from temporalio.exceptions import ApplicationError


class CodesOnly(DefaultFailureConverter):
    """A step's failure is its code: the engine keeps no stack of it, the log does.

    A bug in workflow code keeps its stack: operators need it, and it holds no value.
    """

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        """Write the failure, without the stack where a code says it all."""
        super().to_failure(exception, payload_converter, failure)
        if isinstance(exception, ApplicationError):
            failure.stack_trace = ""


DATA_CONVERTER = replace(pydantic_data_converter, failure_converter_class=CodesOnly)
"""Pydantic's payloads, for frozen dataclasses with moments; failures as codes."""
