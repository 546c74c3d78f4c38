"""The National Provider Identifier: ten digits, of which the last checks the others."""

from __future__ import annotations

from django.core.exceptions import ValidationError

_PREFIX = "80840"  # which the check digit counts in


def check_npi(value: str) -> None:
    """Raises ValidationError where this cannot be an NPI."""
    if len(value) != 10 or not (value.isascii() and value.isdigit()):
        raise ValidationError("An NPI has ten digits.")
    digits = [int(digit) for digit in reversed(_PREFIX + value)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    if (sum(digits[0::2]) + sum(doubled)) % 10:
        raise ValidationError("This NPI has a typing error: its check digit does not fit.")
