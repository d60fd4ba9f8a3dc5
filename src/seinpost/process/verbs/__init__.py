"""One function per verb: from a case to facts, or to the reasons why not."""
