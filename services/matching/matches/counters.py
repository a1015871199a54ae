"""What matching counts."""

from prometheus_client import Gauge, Histogram

PROFILES = Gauge("debai_matching_profiles", "Profiles in this replica's memory")
REBUILD_SECONDS = Gauge("debai_matching_rebuild_seconds", "Time the last rebuild of the index took")
PASS_SECONDS = Histogram("debai_matching_pass_seconds", "Time a batch of problems waited for the follower to pass it")
