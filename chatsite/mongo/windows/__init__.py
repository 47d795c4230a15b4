"""Read-only windows: Django models over MongoDB collections, for the admin alone.

This package is also the engine of the database alias `documents`. It stands on django-mongodb-backend, which nothing
outside the windows imports; repositories speak pymongo.
"""
