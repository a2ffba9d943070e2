"""What the log and the rules say of lines that an earlier import brought: told of as gone, answered for, taken back."""

from __future__ import annotations

from toolkit.core.absences import absences_of
from toolkit.core.dossier import Dossier
from toolkit.core.performed import said_of_days
from toolkit.core.postings import Placing, Posting
from toolkit.intake.known_lines import KnownLine


class Answered:
    """What somebody has said of a single line since it was imported, in the log or by a rule."""

    def __init__(self, dossier: Dossier) -> None:
        self.absences = absences_of(dossier.events)
        self.days = said_of_days(dossier.events)
        self.placing = Placing(dossier.postings.rules)
        self.watched = {*self.absences.open, *self.absences.answered}

    def is_open(self, each: KnownLine) -> bool:
        """Whether the log tells of it already, and nobody has answered."""
        return each.place in self.absences.open

    def is_taken_back(self, posting: Posting) -> bool:
        """Whether a rule takes it back."""
        rule = self.placing.rule_of(posting)
        return rule is not None and rule.taken_back
