"""
What the commands print.

`status`, `search`, `source_search`, `describe` and `faults` make texts; `tables` lays out rows;
`connection` opens the sources' clients for a command, and `messages` speaks on stderr meanwhile.
"""
