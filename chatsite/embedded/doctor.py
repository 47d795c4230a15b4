"""`manage.py doctor`: looks at everything the chat needs and says what to do where something is wrong."""

from __future__ import annotations
import argparse


def parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        prog="manage.py doctor", description="Check what the chat needs on this machine, and say what to do."
    )
