"""A right waits for a second person: the proposals, and the database's own word that nobody gives one alone."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models
from django.db.models import deletion as on

from seinpost.packs.procedure.terms import Processing, Purpose, Role, Task
from seinpost.store.models.people import ANSWERS, choices

ROLES = [role for role in Role if role is not Role.SYSTEM]
BEFORE = "before"
STATEMENTS = f"""
-- Rights that an administrator gave before there was a second person stay, and can be told.
UPDATE store_grant SET agreed_by = '{BEFORE}' WHERE given_by <> 'system';
ALTER TABLE store_grant ADD CONSTRAINT grant_second_person CHECK (
  given_by = 'system' OR within_id IS NOT NULL OR agreed_by = '{BEFORE}'
  OR (agreed_by NOT IN ('', given_by, person_id::text) AND given_by <> person_id::text));

ALTER TABLE store_proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_service ON store_proposal
  USING (service_id = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> '')
  WITH CHECK (service_id = (SELECT seinpost_service()) AND (SELECT seinpost_service()) <> '');

-- What was asked stays as it was asked, an answer is final, and it is never that of who asked or would get it.
CREATE FUNCTION seinpost_proposal() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN
  IF OLD.answer <> '' OR to_jsonb(NEW) - ARRAY['answer', 'answered_by', 'answered_at', 'answered_in']
     <> to_jsonb(OLD) - ARRAY['answer', 'answered_by', 'answered_at', 'answered_in'] THEN
    RAISE EXCEPTION 'a proposal is answered once and changed never' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.answer = 'agreed' AND NEW.answered_by IN ('', NEW.asked_by, NEW.person_id::text) THEN
    RAISE EXCEPTION 'a second person agrees' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE ON store_proposal FOR EACH ROW EXECUTE FUNCTION seinpost_proposal();
"""


def code(length: int, terms: Any) -> Any:
    """A column of one term."""
    return models.CharField(max_length=length, choices=choices(terms))


class Migration(migrations.Migration):
    """A table, two columns of the rights, one of the mails."""

    dependencies = [("store", "0017_words_search")]
    operations: list[Any] = [  # type: ignore[misc]
        migrations.AddField("grant", "agreed_by", models.CharField(max_length=40, blank=True, default="")),
        migrations.AddField("grant", "within", models.ForeignKey("store.grant", on.PROTECT, null=True, blank=True)),
        migrations.AlterField(
            "grant",
            "person",
            models.ForeignKey(settings.AUTH_USER_MODEL, on.PROTECT, related_name="%(class)ss"),
        ),
        migrations.AddField("mail", "right_asked", models.BooleanField(default=False)),
        migrations.CreateModel(
            "Proposal",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("service", models.ForeignKey("store.service", on.PROTECT)),
                ("person", models.ForeignKey(settings.AUTH_USER_MODEL, on.PROTECT, related_name="%(class)ss")),
                ("role", code(30, ROLES)),
                ("task", code(20, Task)),
                ("processing", code(10, Processing)),
                ("purposes", ArrayField(code(20, Purpose))),
                ("units", ArrayField(models.CharField(max_length=60), null=True, blank=True)),
                ("compartments", ArrayField(models.CharField(max_length=40), default=list, blank=True)),
                ("starts", models.DateTimeField()),
                ("ends", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=40)),
                ("asked_at", models.DateTimeField()),
                ("asked_in", models.BigIntegerField()),
                (
                    "answer",
                    models.CharField(max_length=10, blank=True, default="", choices=[(a, a) for a in ANSWERS]),
                ),
                ("answered_by", models.CharField(max_length=40, blank=True, default="")),
                ("answered_at", models.DateTimeField(null=True, blank=True)),
                ("answered_in", models.BigIntegerField(null=True, blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(answer__in=("", *ANSWERS)), name="proposal_answer")
                ],
                "indexes": [models.Index("service", name="proposal_waiting", condition=models.Q(answer=""))],
            },
        ),
        migrations.RunSQL(STATEMENTS),
    ]
