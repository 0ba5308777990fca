import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.LiveApi;
import org.openapitools.client.api.MessagesApi;
import org.openapitools.client.api.RoomsApi;
import org.openapitools.client.api.SessionsApi;
import org.openapitools.client.api.SystemApi;
import org.openapitools.client.api.UsersApi;
import org.openapitools.client.model.CreateRoomRequest;
import org.openapitools.client.model.Event;
import org.openapitools.client.model.Failure;
import org.openapitools.client.model.LeaveRoomRequest;
import org.openapitools.client.model.LoginRequest;
import org.openapitools.client.model.LogoutRequest;
import org.openapitools.client.model.RegisterRequest;
import org.openapitools.client.model.SendRequest;
import org.openapitools.client.model.Visibility;

/** Answers lines of JSON, [method, ...arguments], by the client that openapi-generator has made. */
public final class Client {
  private static final ObjectMapper json = ApiClient.createDefaultObjectMapper();

  private final SessionsApi sessions;
  private final UsersApi users;
  private final MessagesApi messages;
  private final RoomsApi rooms;
  private final LiveApi live;
  private final SystemApi system;

  private Client(String url) {
    ApiClient client = new ApiClient();
    client.updateBaseUri(url);
    sessions = new SessionsApi(client);
    users = new UsersApi(client);
    messages = new MessagesApi(client);
    rooms = new RoomsApi(client);
    live = new LiveApi(client);
    system = new SystemApi(client);
  }

  public static void main(String[] arguments) throws Exception {
    Client client = new Client(arguments[0]);
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = lines.readLine(); line != null; line = lines.readLine())
      System.out.println(json.writeValueAsString(client.answer(json.readTree(line))));
  }

  private Map<String, Object> answer(JsonNode said) throws Exception {
    try {
      return Map.of("value", call(said.get(0).asText(), said));
    } catch (ApiException exception) {
      if (exception.getResponseBody() == null) return Map.of("error", exception.toString());
      return Map.of("code", json.readValue(exception.getResponseBody(), Failure.class).getCode());
    } catch (RuntimeException exception) {
      return Map.of("error", exception.toString());
    }
  }

  private Object call(String method, JsonNode said) throws ApiException {
    switch (method) {
      case "register":
        return users.register(new RegisterRequest().username(text(said, 1)).password(text(said, 2))).getToken();
      case "login":
        return users.login(new LoginRequest().username(text(said, 1)).password(text(said, 2))).getToken();
      case "logout":
        String token = text(said, 2);
        Map<String, String> headers = token == null ? Map.of() : Map.of("Authorization", "Bearer " + token);
        return sessions.logout(new LogoutRequest().username(text(said, 1)), headers).getMessage();
      case "listOnlineUsers":
        return users.listOnlineUsers(text(said, 1), 10, null, null).getOnlineUsers();
      case "sendMessage":
        return messages
            .sendMessage(new SendRequest().sender(text(said, 1)).recipient(text(said, 2)).message(text(said, 3)))
            .getMessageId();
      case "pollMessages":
        return messages.pollMessages(text(said, 1), said.get(2).asLong(), null, null, null);
      case "createRoom":
        List<String> participants = new ArrayList<>();
        said.get(2).forEach(name -> participants.add(name.asText()));
        CreateRoomRequest room = new CreateRoomRequest().admin(text(said, 1)).visibility(Visibility.PRIVATE);
        room.setParticipants(new java.util.LinkedHashSet<>(participants));
        return rooms.createRoom(room).getRoomId();
      case "leaveRoom":
        return rooms.leaveRoom(new LeaveRoomRequest().username(text(said, 1)).roomId(text(said, 2))).getMessage();
      case "getAnnouncement":
        return system.getAnnouncement(null).getAnnouncement();
      case "eventTypes":
        List<String> types = new ArrayList<>();
        for (Event event : live.streamEvents(text(said, 1), null, null, null, 0).getEvents())
          types.add(json.valueToTree(event.getActualInstance()).get("type").asText());
        return types;
      default:
        throw new IllegalArgumentException("no such method: " + method);
    }
  }

  /** Null where nothing is said. */
  private static String text(JsonNode said, int index) {
    return said.hasNonNull(index) ? said.get(index).asText() : null;
  }
}
