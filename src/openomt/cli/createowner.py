"""`openomt createowner`: the first account of a practice."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from openomt.cli import app
from openomt.cli.site import site_command, stop

if TYPE_CHECKING:
    from openomt.care.accounts.access import Role
    from openomt.care.accounts.models import User


@app.command()
@site_command
def createowner(
    email: Annotated[str, typer.Option(help="E-mail address to sign in with.", prompt="E-mail")],
    name: Annotated[str, typer.Option(help="Name, as it should be shown.", prompt="Name")],
    physician: Annotated[bool, typer.Option("--physician", help="The owner also treats patients.")] = False,
    credentials: Annotated[str, typer.Option(help="Behind the name, such as DO.")] = "",
) -> None:
    """Make the owner's account, who then adds everybody else in the browser.

    The password is asked for, or taken from OPENOMT_PASSWORD.
    """
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from openomt.care.accounts.access import Role
    from openomt.care.accounts.models import Practice, User
    from openomt.site import start

    start.migrate()
    user = User(email=email.strip().lower(), name=name.strip(), credentials=credentials.strip())
    roles = (Role.OWNER, Role.PHYSICIAN) if physician else (Role.OWNER,)
    password = os.environ.get("OPENOMT_PASSWORD") or typer.prompt(
        "Password", hide_input=True, confirmation_prompt=True
    )
    try:
        user.set_unusable_password()
        user.full_clean()
        validate_password(password, user)
    except ValidationError as error:
        stop("\n".join(error.messages))
    _add(user, password, roles)
    Practice.load()
    typer.echo(f"{user.email} is the owner and can sign in. Start the site with: openomt serve")


def _add(user: User, password: str, roles: tuple[Role, ...]) -> None:
    from django.db import transaction

    from openomt.care.accounts import audit
    from openomt.care.accounts.models import RoleGrant

    with transaction.atomic():
        user.set_password(password)
        user.save()
        RoleGrant.objects.bulk_create([RoleGrant(user=user, role=role.value) for role in roles])
        audit.record(None, "account.add", subject=f"user:{user.uid}", detail={"roles": [str(role) for role in roles]})
