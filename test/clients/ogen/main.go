// Answers lines of JSON, [method, ...arguments], by the client that ogen has made.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/ogen-go/ogen/ogenerrors"

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

func (a arguments) username(index int) generated.Username {
	return generated.Username(a.text(index))
}

// The token of the call that is under way; none if it is empty.
type session struct{ token string }

func (s *session) BearerAuth(context.Context, generated.OperationName) (generated.BearerAuth, error) {
	if s.token == "" {
		return generated.BearerAuth{}, ogenerrors.ErrSkipClientSecurity
	}
	return generated.BearerAuth{Token: s.token}, nil
}

func (s *session) OperatorAuth(context.Context, generated.OperationName) (generated.OperatorAuth, error) {
	return generated.OperatorAuth{}, ogenerrors.ErrSkipClientSecurity
}

func main() {
	session := &session{}
	client, err := generated.NewClient(os.Args[1], session)
	if err != nil {
		panic(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var said arguments
		if err := json.Unmarshal(lines.Bytes(), &said); err != nil {
			panic(err)
		}
		session.token = ""
		if said.text(0) == "logout" {
			session.token = said.text(2)
		}
		answered, err := call(client, said.text(0), said[1:])
		reply, err := json.Marshal(replyOf(answered, err))
		if err != nil {
			panic(err)
		}
		fmt.Println(string(reply))
	}
}

func call(client *generated.Client, method string, said arguments) (any, error) {
	ctx := context.Background()
	switch method {
	case "register":
		request := &generated.RegisterRequest{Username: said.username(0)}
		if password := said.text(1); password != "" {
			request.Password = generated.NewOptString(password)
		}
		return client.Register(ctx, request)
	case "login":
		return client.Login(ctx, &generated.LoginRequest{Username: said.username(0), Password: said.text(1)})
	case "logout":
		return client.Logout(ctx, &generated.LogoutRequest{Username: generated.NewOptUsername(said.username(0))})
	case "listOnlineUsers":
		params := generated.ListOnlineUsersParams{Limit: generated.NewOptInt(10)}
		if prefix := said.text(0); prefix != "" {
			params.Prefix = generated.NewOptString(prefix)
		}
		return client.ListOnlineUsers(ctx, params)
	case "sendMessage":
		return client.SendMessage(ctx, &generated.SendRequest{
			Sender:    generated.NewOptUsername(said.username(0)),
			Recipient: generated.Recipient(said.text(1)),
			Message:   generated.MessageText(said.text(2)),
		})
	case "pollMessages":
		var lastID int64
		_ = json.Unmarshal(said[1], &lastID)
		return client.PollMessages(ctx, generated.PollMessagesParams{
			Username: generated.NewOptUsername(said.username(0)),
			LastID:   generated.NewOptInt64(lastID),
		})
	case "createRoom":
		var participants generated.Participants
		_ = json.Unmarshal(said[1], &participants)
		return client.CreateRoom(ctx, &generated.CreateRoomRequest{
			Admin:        generated.NewOptUsername(said.username(0)),
			Participants: participants,
			Visibility:   generated.NewOptVisibility(generated.VisibilityPrivate),
		})
	case "leaveRoom":
		return client.LeaveRoom(ctx, &generated.LeaveRoomRequest{
			Username: generated.NewOptUsername(said.username(0)),
			RoomID:   generated.RoomId(said.text(1)),
		})
	case "getAnnouncement":
		return client.GetAnnouncement(ctx, generated.GetAnnouncementParams{})
	}
	return nil, fmt.Errorf("no such method: %s", method)
}

type reply map[string]any

func replyOf(answered any, err error) reply {
	var other *generated.OtherFailureStatusCodeWithHeaders
	if errors.As(err, &other) {
		return reply{"code": other.Response.Code}
	}
	if err != nil {
		return reply{"error": err.Error()}
	}
	switch got := answered.(type) {
	case *generated.SessionResultHeaders:
		return reply{"value": got.Response.Token}
	case *generated.DoneResultHeaders:
		return reply{"value": got.Response.Message}
	case *generated.OnlineResultHeaders:
		return reply{"value": got.Response.OnlineUsers}
	case *generated.SendResultHeaders:
		return reply{"value": got.Response.MessageID}
	case *generated.PollResultHeaders:
		return reply{"value": &got.Response}
	case *generated.CreateRoomResultHeaders:
		return reply{"value": got.Response.RoomID}
	case *generated.AnnouncementResultHeaders:
		return reply{"value": got.Response.Announcement}
	}
	// Each failure of each operation has a type of its own, and all of them have this.
	if failure, ok := reflect.Indirect(reflect.ValueOf(answered)).FieldByName("Response").Interface().(generated.Failure); ok {
		return reply{"code": failure.Code}
	}
	return reply{"error": fmt.Sprintf("%T", answered)}
}
