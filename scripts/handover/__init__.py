"""Handover: one source for the handbook, the emails and the snippets of a sales handover.

Data flows one way. A stage imports no other stage; all import the model, and only the command line wires them:

    data/ content/ -> load -> Catalog -> compose -> Document -> render -> Artifact -> write -> dist/
                              check looks at the result of each stage and returns Diagnostics

Beside them, `serve` is the live preview, `links` checks the URLs of data/links.yml, and `compare` shows how a change of
the sources changes the outputs.

`make map` prints every module with its docstring's first line.
"""
