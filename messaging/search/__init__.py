"""What people look for and what is found by it, as text: nothing in here asks a database."""
