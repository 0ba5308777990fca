// Answers lines of JSON, [method, ...arguments], by the client that oapi-codegen has made.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"chatroom/generated"
)

// What was said, but for the method.
type arguments []json.RawMessage

func (a arguments) text(index int) string {
	var text string
	if index < len(a) {
		_ = json.Unmarshal(a[index], &text)
	}
	return text
}

func (a arguments) optional(index int) *string {
	if text := a.text(index); text != "" {
		return &text
	}
	return nil
}

func main() {
	client, err := generated.NewClientWithResponses(os.Args[1])
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var said arguments
		if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
			panic(err)
		}
		reply, err := json.Marshal(answer(client, said.text(0), said[1:]))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(reply))
	}
}

type reply map[string]any

func answer(client *generated.ClientWithResponses, method string, said arguments) reply {
	ctx := context.Background()
	switch method {
	case "register":
		body := generated.RegisterRequest{Username: said.text(0), Password: said.optional(1)}
		got, err := client.RegisterWithResponse(ctx, body)
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.Token}
		}
		return refused(err, func() []byte { return got.Body })
	case "login":
		body := generated.LoginRequest{Username: said.text(0), Password: said.text(1)}
		got, err := client.LoginWithResponse(ctx, body)
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.Token}
		}
		return refused(err, func() []byte { return got.Body })
	case "logout":
		got, err := client.LogoutWithResponse(ctx, generated.LogoutRequest{Username: said.optional(0)}, bearing(said.text(1)))
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.Message}
		}
		return refused(err, func() []byte { return got.Body })
	case "listOnlineUsers":
		limit := 10
		got, err := client.ListOnlineUsersWithResponse(ctx, &generated.ListOnlineUsersParams{Prefix: said.optional(0), Limit: &limit})
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.OnlineUsers}
		}
		return refused(err, func() []byte { return got.Body })
	case "sendMessage":
		body := generated.SendRequest{Sender: said.optional(0), Recipient: said.text(1), Message: said.text(2)}
		got, err := client.SendMessageWithResponse(ctx, body)
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.MessageId}
		}
		return refused(err, func() []byte { return got.Body })
	case "pollMessages":
		var lastID int64
		_ = json.Unmarshal(said[1], &lastID)
		got, err := client.PollMessagesWithResponse(ctx, &generated.PollMessagesParams{Username: said.optional(0), LastId: &lastID})
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200}
		}
		return refused(err, func() []byte { return got.Body })
	case "createRoom":
		var participants []string
		_ = json.Unmarshal(said[1], &participants)
		visibility := generated.Private
		body := generated.CreateRoomRequest{Admin: said.optional(0), Participants: participants, Visibility: &visibility}
		got, err := client.CreateRoomWithResponse(ctx, body)
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.RoomId}
		}
		return refused(err, func() []byte { return got.Body })
	case "leaveRoom":
		got, err := client.LeaveRoomWithResponse(ctx, generated.LeaveRoomRequest{Username: said.optional(0), RoomId: said.text(1)})
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.Message}
		}
		return refused(err, func() []byte { return got.Body })
	case "getAnnouncement":
		got, err := client.GetAnnouncementWithResponse(ctx, &generated.GetAnnouncementParams{})
		if err == nil && got.JSON200 != nil {
			return reply{"value": got.JSON200.Announcement}
		}
		return refused(err, func() []byte { return got.Body })
	case "eventTypes":
		wait := 0
		got, err := client.StreamEventsWithResponse(ctx, &generated.StreamEventsParams{Username: said.optional(0), Wait: &wait})
		if err == nil && got.JSON200 != nil {
			return reply{"value": typesOf(got.JSON200.Events)}
		}
		return refused(err, func() []byte { return got.Body })
	}
	return reply{"error": "no such method: " + method}
}

// Every event can be read as one of a type that is not known.
func typesOf(events []generated.Event) []string {
	types := make([]string, 0, len(events))
	for _, event := range events {
		any, err := event.AsUnknownEvent()
		if err != nil {
			return []string{err.Error()}
		}
		types = append(types, any.Type)
	}
	return types
}

func refused(err error, body func() []byte) reply {
	if err != nil {
		return reply{"error": err.Error()}
	}
	var failure generated.Failure
	if err := json.Unmarshal(body(), &failure); err != nil {
		return reply{"error": err.Error()}
	}
	return reply{"code": failure.Code}
}

func bearing(token string) generated.RequestEditorFn {
	return func(_ context.Context, request *http.Request) error {
		if token != "" {
			request.Header.Set("Authorization", "Bearer "+token)
		}
		return nil
	}
}
