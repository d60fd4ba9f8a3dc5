"""What people are told outside the workbench, and when: plain decisions, plain text."""
