"""Django is set up before the tests of this room are read: they import rows."""

from tests.database import prepare

prepare()
