"""Reference data: the catalogue, the cities and the price list, as files that people read and change.

`files` reads them, `geometry` draws districts, `loader` writes them to the database, `basemap` draws the schematic map.
"""
