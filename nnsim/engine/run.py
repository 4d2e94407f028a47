"""A run as a value: the experiment it began with, and every tuning edit with the batch it took hold of.

Since all randomness is addressed, a run determines every one of its moments to the bit: replaying is running again. Two runs
that agree up to a batch share everything before it; that is what makes a branch cheap. It refuses to hold any state.
"""

from dataclasses import dataclass

from nnsim.engine.experiment import Experiment, Learning


@dataclass(frozen=True)
class Tuning:
    """From batch ``batch`` on, learn so."""

    batch: int
    learning: Learning


@dataclass(frozen=True)
class ParameterSet:
    """Before batch ``batch``, set parameter ``index`` of theta to ``value``."""

    batch: int
    index: int
    value: float


Edit = Tuning | ParameterSet
NEVER = 2**62
"""A batch that no run reaches."""


@dataclass(frozen=True)
class Run:
    """An experiment and its edits, in the order of their batches."""

    experiment: Experiment
    edits: tuple[Edit, ...] = ()

    def learning_at(self, batch: int) -> Learning:
        """The learning in force in a batch."""
        tunings = [edit.learning for edit in self.edits if isinstance(edit, Tuning) and edit.batch <= batch]
        return tunings[-1] if tunings else self.experiment.learning

    def experiment_at(self, batch: int) -> Experiment:
        """The experiment with the learning in force in a batch."""
        return self.experiment.model_copy(update={"learning": self.learning_at(batch)})

    def edits_at(self, batch: int) -> tuple[Edit, ...]:
        """The edits that take hold just before a batch."""
        return tuple(edit for edit in self.edits if edit.batch == batch)

    def next_edit(self, batch: int) -> int | None:
        """The first batch after ``batch`` that an edit takes hold of."""
        return min((edit.batch for edit in self.edits if edit.batch > batch), default=None)

    def branched(self, edit: Edit) -> "Run":
        """The run that agrees with this one before ``edit.batch`` and goes its own way from there."""
        kept = tuple(old for old in self.edits if old.batch <= edit.batch)
        if isinstance(edit, Tuning):
            # of two tunings at one batch only the later ever acts
            kept = tuple(old for old in kept if not (isinstance(old, Tuning) and old.batch == edit.batch))
            if edit.batch == 0:
                return Run(Experiment.model_validate({**dict(self.experiment), "learning": edit.learning}), kept)
        else:
            kept = tuple(old for old in kept
                         if not (isinstance(old, ParameterSet) and (old.batch, old.index) == (edit.batch, edit.index)))
        return Run(self.experiment, (*kept, edit))

    def shared_batches(self, other: "Run") -> int | None:
        """How many batches two runs go the same way; None if they differ in structure, so that nothing is shared."""
        mine, theirs = self.experiment, other.experiment
        if mine.model_copy(update={"learning": theirs.learning, "title": theirs.title}) != theirs:
            return None
        if mine.learning != theirs.learning:
            return 0
        same = 0
        for one, another in zip(self.edits, other.edits, strict=False):
            if one is not another and one != another:
                break
            same += 1
        return min((edit.batch for edit in (*self.edits[same:], *other.edits[same:])), default=NEVER)
