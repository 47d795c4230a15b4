"""The staff's site: Django's admin under the chat's own name and colours, with a start page of figures."""
