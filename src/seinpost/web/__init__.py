"""The workbench in the browser: pages, forms, templates and the static files they need, no network at run time."""
