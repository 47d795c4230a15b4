"""What notifications mean: telling, listing, reading, preferring."""
