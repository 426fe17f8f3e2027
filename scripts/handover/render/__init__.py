"""Documents to artifacts: one module per output form; no module reads or writes files."""
