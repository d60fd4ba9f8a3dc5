"""Read, check and freeze rule packs: strict YAML, then the model, then the lints, then the examples."""
