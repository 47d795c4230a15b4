from tests.messaging.model.stage import stage

__all__ = ["stage"]
