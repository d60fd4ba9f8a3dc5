"""The bytes of attachments: outside the database, each under its digest, whole or not there."""
