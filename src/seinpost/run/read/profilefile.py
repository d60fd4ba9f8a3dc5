"""The files of source profiles: read from YAML, checked, frozen. Apart, so that a start without one loads no YAML."""

from __future__ import annotations

import zoneinfo
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from seinpost.errors import PackError, SettingError
from seinpost.packs.strict import read_text
from seinpost.run.read.profile import DateOrder, Encoding, SourceProfile

PROFILES = Path(__file__).parent / "profiles"
ONE_MARK = r"^[\t -/:-@\[-`{-~]$"
"""One ASCII character that is no letter, digit or line end."""


class ProfileModel(BaseModel):
    """The YAML file of a profile; every key is checked, unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(min_length=1)
    id_column: str = Field(min_length=1)
    text_columns: list[str] = Field(min_length=1)
    registered_at: str | None = Field(default=None, min_length=1)
    time_zone: str | None = None
    date_order: DateOrder = "year-first"
    encoding: Encoding = "utf-8"
    delimiter: str = Field(default=",", pattern=ONE_MARK)
    quote: str = Field(default='"', pattern=ONE_MARK)
    keep: list[str] = Field(default_factory=list)
    protected: str = Field(default="", pattern=r"^([a-z][a-z0-9-]{1,39})?$")

    identifies: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def identified_is_kept(self) -> Self:
        """Refuse an identifying column that is not kept, or of an open source: it would hide nothing."""
        strange = [name for name in self.identifies if name not in self.keep]
        if strange:
            raise ValueError(f"identifies: {strange[0]!r} is not kept (allowed: {', '.join(self.keep) or 'none'})")
        if self.identifies and not self.protected:
            raise ValueError("identifies: only where `protected` names the compartment of the source")
        return self

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, value: str | None) -> str | None:
        """Refuse a zone the IANA database does not know."""
        if value is not None and value not in zoneinfo.available_timezones():
            raise ValueError("not an IANA time zone (allowed: for example Europe/Amsterdam)")
        return value


def load_profile(name_or_path: str) -> SourceProfile:
    """Load a profile that ships with Seinpost by its name, or any by the path of its YAML file.

    Raises SettingError that names the file, the field, the value and what is allowed.
    """
    path = Path(name_or_path)
    if path.suffix not in {".yaml", ".yml"}:
        path = PROFILES / f"{name_or_path}.yaml"
        if not path.is_file():
            shipped = ", ".join(sorted(file.stem for file in PROFILES.glob("*.yaml")))
            raise SettingError(
                f"unknown source profile {name_or_path!r} (allowed: {shipped}, or the path of a .yaml file)",
                f"onbekend bronprofiel {name_or_path!r} (toegestaan: {shipped}, of het pad van een .yaml-bestand)",
            )
    try:
        model = ProfileModel.model_validate(read_text(path, path.read_text(encoding="utf-8")).data)
    except OSError as error:
        raise SettingError(
            f"{path}: cannot be read: {error.strerror}", f"{path}: kan niet worden gelezen: {error.strerror}"
        ) from error
    except PackError as error:  # the strict reader tells file, line and key
        raise SettingError(str(error)) from error
    except UnicodeDecodeError as error:
        raise SettingError(f"{path}: not UTF-8: {error}", f"{path}: geen UTF-8: {error}") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, e['loc']))}: {e['msg']} (value: {e['input']!r})" for e in error.errors()
        )
        raise SettingError(f"{path}: {faults}") from error
    return frozen(model)


def frozen(model: ProfileModel) -> SourceProfile:
    """The frozen shape of a checked profile."""
    return SourceProfile(
        model.name,
        model.id_column,
        tuple(model.text_columns),
        model.registered_at,
        model.time_zone,
        model.date_order,
        model.encoding,
        model.delimiter,
        model.quote,
        tuple(model.keep),
        model.protected,
        tuple(model.identifies),
    )
