"""What a change of the sources does to the outputs."""
