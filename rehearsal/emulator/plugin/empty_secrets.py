"""A secret that is made without a value has no version until it is given one, and describing it says so."""

from hooks import replace
from ministack.services import secretsmanager


def apply():
    replace(secretsmanager, "_store_new_secret", _without_a_version)


def _without_a_version(original):
    def store(name, secret_string=None, secret_binary=None, **rest):
        made = original(name, secret_string=secret_string, secret_binary=secret_binary, **rest)
        if secret_string is None and secret_binary is None:
            secretsmanager._secrets[name]["Versions"].clear()
        return made

    return store
