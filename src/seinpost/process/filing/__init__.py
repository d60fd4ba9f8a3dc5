"""The officer's form: which questions apply, and what their answers make."""
