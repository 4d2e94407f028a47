"""What all parts of a snapshot's description have in common: nothing unknown, nothing converted, no number without an end.

It is apart from the manifest because its parts stand in several modules. It refuses to know what the parts mean.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from nnsim.engine.moments import Moment

Count = Annotated[int, Field(ge=0, lt=2**53)]


class Entry(BaseModel):
    """A part of the manifest: nothing unknown, nothing converted."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class MomentEntry(Entry):
    """A ``Moment``."""

    batch: Count
    mark: Count

    def moment(self) -> Moment:
        """As the engine has it."""
        return Moment(self.batch, self.mark)
