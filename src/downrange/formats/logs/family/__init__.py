"""Families of loggers, one a module: `NAME`, `recognise(source)` and `read(source)`. The modules are found in this folder."""
