"""Banyaknya contoh acak: sedikit dalam putaran biasa, lebih banyak dengan ``KINERJA_UJI_ACAK=2000``."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "keandalan",
    max_examples=int(os.environ.get("KINERJA_UJI_ACAK", "40")),
    deadline=None,
    derandomize="KINERJA_UJI_ACAK" not in os.environ,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
