"""All chance of the demo world comes from here: the same seed throws the same dice."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar
from uuid import UUID

Thing = TypeVar("Thing")

_SPEAKER = re.compile(r"<([^<>|]*)\|([^<>|]*)>")
_OTHER = re.compile(r"\{([^{}|]*)\|([^{}|]*)\}")
_ONE_OF = re.compile(r"\[([^\[\]]*)\]")


class Dice(Random):
    def chance(self, share: float) -> bool:
        return self.random() < share

    def pick(self, things: Sequence[Thing]) -> Thing:
        return self.choice(things)

    def fresh(self, lines: Sequence[str], said: set[str]) -> str:
        """A line that was not said yet, as long as there is one; it counts as said from now on."""
        line = self.pick([line for line in lines if line not in said] or lines)
        if line:
            said.add(line)
        return line

    def weighted(self, weights: dict[Thing, float]) -> Thing:
        return self.choices(list(weights), weights=list(weights.values()))[0]

    def moment(self, start: datetime, end: datetime) -> datetime:
        """Between the two, to the second; `start` when there is no room."""
        room = max(0, int((end - start).total_seconds()))
        return start + timedelta(seconds=self.randint(0, room))

    def minutes(self, low: float, high: float) -> timedelta:
        return timedelta(seconds=int(self.uniform(low, high) * 60))

    def uuid(self) -> UUID:
        return UUID(int=self.getrandbits(128), version=4)

    def say(self, text: str, *, woman: bool = False, other_woman: bool = False, **slots: str) -> str:
        """One reading of a written part: [one|of|these], <he|she> for the speaker (or the one spoken of), {he|she} for the other
        side, {name} for a slot."""
        text = _SPEAKER.sub(lambda found: found[2] if woman else found[1], text)
        text = _OTHER.sub(lambda found: found[2] if other_woman else found[1], text)
        while _ONE_OF.search(text):
            text = _ONE_OF.sub(lambda found: self.pick(found[1].split("|")), text)
        for name, value in slots.items():
            text = text.replace("{" + name + "}", value)
        return text[:1].upper() + text[1:]

    def sentences(self, *texts: str, woman: bool = False, other_woman: bool = False, **slots: str) -> str:
        said = (self.say(text, woman=woman, other_woman=other_woman, **slots) for text in texts if text)
        return " ".join(text if text[-1] in ".?!…" else f"{text}." for text in said if text)
