"""What a text names that can be recognised again: phones, plates, accounts, addresses, firms, accounts online."""

from seinpost.link.entities import Entity as Entity
from seinpost.link.entities import EntityKind as EntityKind
from seinpost.link.find import find_entities as find_entities
