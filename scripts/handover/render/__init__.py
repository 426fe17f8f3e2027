"""Documents to Artifacts: one module a form, none of which reads or writes a file."""
