"""Documents and cards become what templates show. A message is drawn here, and nowhere else."""

from messaging.presentation.message import blank, draw_data, draw_messages

__all__ = ["blank", "draw_data", "draw_messages"]
