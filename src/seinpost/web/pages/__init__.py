"""What pages show, as plain frozen values made from queries: templates decide nothing."""
