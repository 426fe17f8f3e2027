"""What was made, put on disk: wholly or not at all."""
