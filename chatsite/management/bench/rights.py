"""What row-level security costs: the same statements with scope and policies, and as a superuser, whom none concern."""

from __future__ import annotations

import msgspec

from chatsite.embedded.postgres import SUPERUSER
from chatsite.management.bench import limits
from chatsite.management.bench.figures import Figure
from chatsite.management.bench.laboratory import Laboratory
from chatsite.management.bench.report import Result

NAME, CROWD = "policies", 50_000  # people
TITLE = f"a person seen, relationships listed, people searched among {CROWD:,}, against no scope and no policies"
QUESTIONS = "chatsite.management.bench.questions"


def measure(lab: Laboratory, seconds: float) -> Result:
    """Asks for `seconds`, in turns. Raises StackError."""
    lab.run_python("-m", QUESTIONS, "prepare", str(CROWD))
    lab.analyze()
    answer = lab.run_python("-m", QUESTIONS, lab.postgres.url_of(SUPERUSER), str(seconds))
    ours, other = msgspec.json.decode(answer, type=tuple[dict[str, float], dict[str, float]])
    bounds = dict.fromkeys(ours, limits.POLICIES)
    return Result(NAME, TITLE, "policies", _figures(ours), _figures(other), against="none", limits=bounds)


def _figures(found: dict[str, float]) -> list[Figure]:
    return [Figure(name, "µs", value) for name, value in found.items()]
