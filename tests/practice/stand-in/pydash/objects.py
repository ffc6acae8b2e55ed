# SPDX-License-Identifier: GPL-3.0-or-later


def get(value, path, default=None):
    for part in path.split(".") if isinstance(path, str) else path:
        try:
            value = value[part] if isinstance(value, dict) else getattr(value, part)
        except (KeyError, AttributeError):
            return default
    return default if value is None else value


def omit(value, *names):
    left_out = set()
    for name in names:
        left_out.update([name] if isinstance(name, str) else name)
    return {k: v for k, v in value.items() if k not in left_out}
