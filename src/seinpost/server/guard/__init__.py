"""What stands between a request of somebody who is logged in and the pages."""
