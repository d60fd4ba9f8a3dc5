"""Django is set up before the tests of this room are read."""

from tests.database import prepare

prepare()
