"""What other packages may do with tasks (the rooms hold the code)."""
