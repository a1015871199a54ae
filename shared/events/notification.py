"""Events of what a person was told. Producer: notify; key: user id."""

from datetime import datetime
from typing import ClassVar

from shared.events.envelope import EventData

NOTIFICATION_EVENTS = "notification-events"


class NotificationDelivered(EventData):
    type: ClassVar[str] = "vn.debai.notification.delivered.v1"
    source: ClassVar[str] = "/notify"
    topic: ClassVar[str | None] = NOTIFICATION_EVENTS

    delivery_id: str
    user_id: str
    channel: str
    about: str
    """The type of the event that the person was told of."""
    delivered_at: datetime
