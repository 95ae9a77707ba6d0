#include <gmock/gmock.h>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "services/gateway/testing/gateway_fixture.h"

namespace veche::gateway::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StreamTest : public GatewayTest {};

TEST_F(StreamTest, StreamsEventsWithTheirIds) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/gadgets/3:watch", "Accept: text/event-stream\r\n");
  const auto head = client.ReadHead();
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.Header("content-type"), "text/event-stream");
  EXPECT_EQ(head.Header("cache-control"), "no-store");
  EXPECT_EQ(client.ReadChunksUntil("\n\n"), "retry: 2000\n\n");
  for (int i = 1; i <= 3; ++i) {
    const std::string event = client.ReadChunksUntil("\n\n");
    EXPECT_TRUE(absl::StartsWith(event, absl::StrCat("id: ", i, "\ndata: {"))) << event;
    EXPECT_THAT(event, HasSubstr(absl::StrCat(R"("weight":")", i, "\"")));
    EXPECT_THAT(event, Not(HasSubstr("eventId")));
  }
  EXPECT_EQ(client.ReadChunksUntil("\n\n"), "");  // the end of the stream
}

TEST_F(StreamTest, ResumesAfterTheLastEvent) {
  Start();
  for (const char* headers : {"Last-Event-ID: 2\r\n", ""}) {
    http::testing::Client client(port());
    client.SendRequest(
        "GET", *headers ? "/v1/gadgets/3:watch" : "/v1/gadgets/3:watch?lastEventId=2", headers);
    client.ReadHead();
    client.ReadChunksUntil("\n\n");
    EXPECT_TRUE(absl::StartsWith(client.ReadChunksUntil("\n\n"), "id: 3\n"));
  }
}

TEST_F(StreamTest, KeepsAQuietStreamOpen) {
  options_.heartbeat = absl::Milliseconds(20);
  Start();
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/gadgets/open:watch");
  EXPECT_EQ(client.ReadHead().status, 200);
  EXPECT_EQ(client.ReadChunksUntil("\n\n"), "retry: 2000\n\n");
  EXPECT_EQ(client.ReadChunksUntil("\n\n"), ":\n\n");
  EXPECT_EQ(client.ReadChunksUntil("\n\n"), ":\n\n");
  client.Close();
  gadgets_.cancelled.WaitForNotification();
}

TEST_F(StreamTest, AnswersAnErrorBeforeTheFirstEventAsAProblem) {
  options_.stream_open = absl::Minutes(1);
  Start();
  http::testing::Client client(port());
  const auto response = client.Get("/v1/gadgets/none:watch", "Accept: text/event-stream\r\n");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("GADGET_NOT_FOUND"));
  EXPECT_EQ(client.Get("/v1/gadgets/a").status, 200);  // the connection stays usable
}

TEST_F(StreamTest, TellsOfAnErrorAfterwardsInAnEvent) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/gadgets/2:watch");
  client.ReadHead();
  const std::string all = client.ReadChunksUntil("never");
  EXPECT_THAT(all, HasSubstr("event: error\ndata: {"));
  EXPECT_THAT(all, HasSubstr("INTERNAL"));
  EXPECT_THAT(all, Not(HasSubstr("secret")));
}

TEST_F(StreamTest, IsNotAcceptableAsJson) {
  Start();
  http::testing::Client client(port());
  EXPECT_EQ(client.Get("/v1/gadgets/1:watch", "Accept: application/json\r\n").status, 406);
  EXPECT_EQ(client.Request("HEAD", "/v1/gadgets/1:watch").status, 405);
}

TEST_F(StreamTest, EndsCleanlyWhenTheServerStops) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/gadgets/open:watch");
  EXPECT_EQ(client.ReadHead().status, 200);
  http_->Stop(absl::Seconds(5));
  EXPECT_EQ(client.ReadChunksUntil("never"), "retry: 2000\n\n");
  EXPECT_TRUE(client.AtEnd());
}

constexpr size_t kFile = 20'000'000;

TEST_F(StreamTest, TakesAFileInPieces) {
  Start();
  http::testing::Client client(port());
  const auto response =
      client.Request("POST", "/v1/files", "Content-Type: image/jpeg\r\n", std::string(kFile, 'x'));
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.Header("location"), absl::StrCat("/v1/files/", kFile));
  EXPECT_THAT(response.body, HasSubstr(R"("contentType":"image/jpeg")"));
  EXPECT_THAT(response.body, HasSubstr(absl::StrCat(R"("size":")", kFile, "\"")));
  EXPECT_EQ(client.Request("POST", "/v1/files").status, 201);  // an empty file
}

TEST_F(StreamTest, AsksForAFileWithContinue) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("POST", "/v1/files", "Expect: 100-continue\r\nContent-Length: 5\r\n");
  EXPECT_EQ(client.ReadHead().status, 100);
  client.SendRaw("hello");
  EXPECT_EQ(client.Read().status, 201);
}

TEST_F(StreamTest, RefusesAFileThatIsTooLarge) {
  options_.file_bytes = 1'000'000;
  Start();
  http::testing::Client said(port());
  said.SendRequest("POST", "/v1/files", "Expect: 100-continue\r\nContent-Length: 2000000\r\n");
  const auto refused = said.Read();
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, HasSubstr("FILE_TOO_LARGE"));
  http::testing::Client chunked(port());
  chunked.SendRequest("POST", "/v1/files", "Transfer-Encoding: chunked\r\n");
  for (int i = 0; i < 20; ++i) {
    chunked.SendRaw(absl::StrCat("186a0\r\n", std::string(100'000, 'x'), "\r\n"));
  }
  EXPECT_EQ(chunked.Read().status, 413);
}

TEST_F(StreamTest, AnswersAServiceThatRefusesAFileEarly) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("POST", "/v1/files", "Content-Length: 1000000\r\n", "refuse");
  const auto response = client.Read();
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("TYPE_NOT_ALLOWED"));
  EXPECT_EQ(response.Header("connection"), "close");
}

TEST_F(StreamTest, GivesAFile) {
  Start();
  http::testing::Client client(port());
  const auto response = client.Get(absl::StrCat("/v1/files/", kFile));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("content-type"), "image/png");
  EXPECT_THAT(response.Header("content-security-policy"), HasSubstr("sandbox"));
  EXPECT_EQ(response.body.size(), kFile);
  const auto missing = client.Get("/v1/files/none");
  EXPECT_EQ(missing.status, 404);
}

TEST_F(StreamTest, TakesFromTheServiceWhatTheClientReads) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("GET", absl::StrCat("/v1/files/", 10 * kFile));
  EXPECT_EQ(client.ReadHead().status, 200);
  // The client reads no byte of the body: once all buffers on the way are full, the service sends
  // nothing more, while the same threads answer many other requests.
  http::testing::Client other(port());
  int64_t before = -1;
  while (before != gadgets_.sent) {
    before = gadgets_.sent;
    for (int i = 0; i < 100; ++i) ASSERT_EQ(other.Get("/v1/gadgets/a").status, 200);
  }
  EXPECT_LT(before, static_cast<int64_t>(kFile));
  client.Close();
}

}  // namespace
}  // namespace veche::gateway::testing
