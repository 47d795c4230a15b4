"""What people do with conversations: plain functions that check, write, then announce."""
