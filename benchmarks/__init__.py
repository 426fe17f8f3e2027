"""What the engine costs, measured against what it stands on."""
