"""Answers lines of JSON, [method, *arguments], by the client that openapi-python-client has made."""

import json
import sys

from generated import AuthenticatedClient, Client
from generated.api.live import stream_events
from generated.api.messages import poll_messages, send_message
from generated.api.rooms import create_room, leave_room
from generated.api.sessions import logout
from generated.api.system import get_announcement
from generated.api.users import list_online_users, login, register
from generated.models import (
    CreateRoomRequest,
    Failure,
    LeaveRoomRequest,
    LoginRequest,
    LogoutRequest,
    MessageCreatedEvent,
    RegisterRequest,
    SendRequest,
    UnknownEvent,
    Visibility,
)
from generated.types import UNSET

url = sys.argv[1]
client = Client(base_url=url)


class Refused(Exception):
    """A failure of the catalogue."""


def given(answer):
    if isinstance(answer, Failure):
        raise Refused(answer.code)
    return answer


def optional(value):
    return UNSET if value is None else value


class Seed:
    def register(self, username, password=None):
        body = RegisterRequest(username=username, password=optional(password))
        return given(register.sync(client=client, body=body)).token

    def login(self, username, password):
        return given(login.sync(client=client, body=LoginRequest(username=username, password=password))).token

    def logout(self, username, token=None):
        caller = client if token is None else AuthenticatedClient(base_url=url, token=token)
        return given(logout.sync(client=caller, body=LogoutRequest(username=username))).message

    def listOnlineUsers(self, prefix=None):
        return given(list_online_users.sync(client=client, prefix=optional(prefix), limit=10)).online_users

    def sendMessage(self, sender, recipient, message):
        body = SendRequest(sender=sender, recipient=recipient, message=message)
        return given(send_message.sync(client=client, body=body)).message_id

    def pollMessages(self, username, last_id):
        return given(poll_messages.sync(client=client, username=username, last_id=last_id)).to_dict()

    def createRoom(self, admin, participants):
        body = CreateRoomRequest(admin=admin, participants=participants, visibility=Visibility.PRIVATE)
        return given(create_room.sync(client=client, body=body)).room_id

    def leaveRoom(self, username, room_id):
        return given(leave_room.sync(client=client, body=LeaveRoomRequest(username=username, room_id=room_id))).message

    def getAnnouncement(self):
        return given(get_announcement.sync(client=client)).announcement

    def eventTypes(self, username):
        return [type_of(event) for event in given(stream_events.sync(client=client, username=username, wait=0)).events]


def type_of(event):
    if isinstance(event, MessageCreatedEvent):
        assert event.message.id > 0
    return event.type_ if isinstance(event, UnknownEvent) else event.type_.value


seed = Seed()
for line in sys.stdin:
    method, *arguments = json.loads(line)
    try:
        reply = {"value": getattr(seed, method)(*arguments)}
    except Refused as refused:
        reply = {"code": str(refused)}
    except Exception as error:  # told to whoever asked
        reply = {"error": repr(error)}
    print(json.dumps(reply), flush=True)
