"""Read registrations from files in bounded batches: good rows go on, bad rows are set apart with their reason."""
