"""What can be asked for and where: categories, their search, cities and districts."""
