"""How long Handover takes and how much memory, beside the programs that people would use instead."""
