"""
What the commands print.

`status`, `search`, `describe` and `faults` make texts; `tables` lays out their rows;
`connection` opens the sources' clients for a command, and `messages` puts warnings into words.
"""
