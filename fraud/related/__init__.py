"""Who is connected with whom, and by what."""
