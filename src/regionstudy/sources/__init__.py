"""
The live sources: how public services are asked, and how their answers are read.

`http` asks (cache, retry, call window) and `jsonstat` decodes; each service has a module of
its own on top of them. Nothing here knows what the figures are for.
"""
