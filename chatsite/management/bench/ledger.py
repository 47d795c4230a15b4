"""What one listener received, compared with what the log must look like: dense, in order, nothing twice."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Ledger:
    """The deliveries of one conversation to one socket."""

    seq: int = 0
    """The last `seq` in order."""
    doubled: int = 0
    disordered: int = 0
    """Deliveries that came before one with a lower `seq` did, or against their sender's order."""
    ahead: set[int] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def deliver(self, seq: int, sender: str, count: int) -> None:
        """Notes one delivery; `count` numbers the sender's messages from 1."""
        if seq != self.seq + 1:
            self._out_of_step(seq)
            return
        self.seq = seq
        if self.counts.get(sender, 0) + 1 != count:
            self.disordered += 1
        self.counts[sender] = count
        while self.ahead and self.seq + 1 in self.ahead:
            self.seq += 1
            self.ahead.discard(self.seq)

    def replay(self, seq: int, sender: str, count: int) -> None:
        """Notes a delivery out of a catch-up, which may repeat what came live meanwhile."""
        if seq > self.seq and seq not in self.ahead:
            self.deliver(seq, sender, count)

    def lost(self, head: int) -> int:
        """How many of the messages 1 … `head` never came."""
        return head - self.seq - len(self.ahead)

    def _out_of_step(self, seq: int) -> None:
        if seq <= self.seq or seq in self.ahead:
            self.doubled += 1
            return
        self.disordered += 1
        self.ahead.add(seq)
