"""Finding what was said in one's own conversations."""

from messaging.services.search.asking import Asked, Chip, ask
from messaging.services.search.finding import LIMIT_MAX, PAGE, Hit, Order, Results, find
from messaging.services.search.upkeep import Progress, take_in_all

__all__ = ["LIMIT_MAX", "PAGE", "Asked", "Chip", "Hit", "Order", "Progress", "Results", "ask", "find", "take_in_all"]
