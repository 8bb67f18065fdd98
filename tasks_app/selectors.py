"""What other packages may read of tasks (the rooms hold the code)."""
