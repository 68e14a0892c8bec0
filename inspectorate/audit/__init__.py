"""Who did, and who looked at, what and when; and what o'clock it is."""
