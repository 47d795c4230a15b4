from tests.town import canary, site, town

__all__ = ["canary", "site", "town"]
