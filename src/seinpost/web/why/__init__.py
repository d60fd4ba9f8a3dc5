"""Why the scan did not flag what is in the workbench all the same, or why no higher layer."""
