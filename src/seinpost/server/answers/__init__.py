"""What every answer passes through: headers, and the pages of faults."""
