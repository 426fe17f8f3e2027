"""The effect of a change of the sources on the outputs."""
