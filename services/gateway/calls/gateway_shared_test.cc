#include <gmock/gmock.h>

#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/redis/testing.h"
#include "services/gateway/testing/gateway_fixture.h"

namespace veche::gateway::testing {
namespace {

using ::testing::HasSubstr;

// Two gateways that share limits and answers.
class SharedTest : public GatewayTest {
 protected:
  ~SharedTest() override {
    if (second_http_) second_http_->Stop(absl::Seconds(1));
    if (second_) second_->WaitIdle();
  }
  void StartBoth() {
    options_.patience = {absl::Minutes(1), absl::Minutes(1)};
    redis_ = ReadyClient();
    Start();
    second_ = MakeGateway(ReadyClient());
    auto http = http::Server::Start(http_options_, *second_);
    ASSERT_OK(http);
    second_http_ = *std::move(http);
  }
  std::unique_ptr<redis::Client> ReadyClient() {
    auto client = redis::Client::Start({.address = server_.address(), .timeout = absl::Seconds(20)},
                                       telemetry_);
    EXPECT_OK(client);
    absl::Status status = absl::UnavailableError("");
    while (!status.ok()) {
      absl::Notification answered;
      (*client)->Command({"PING"}, [&](const absl::StatusOr<redis::Reply>& reply) {
        status = reply.status();
        answered.Notify();
      });
      answered.WaitForNotification();
    }
    return *std::move(client);
  }
  http::testing::ClientResponse FromFirst(const char* path) { return GetFrom(port(), path); }
  http::testing::ClientResponse FromSecond(const char* path) {
    return GetFrom(second_http_->port(), path);
  }
  static http::testing::ClientResponse GetFrom(int port, const char* path) {
    return http::testing::Client(port).Get(path);
  }

  redis::testing::Server server_;
  std::unique_ptr<Gateway> second_;
  std::unique_ptr<http::Server> second_http_;
};

TEST_F(SharedTest, LimitsAreOfBothGatewaysTogether) {
  options_.address_rate = 0.01;
  options_.address_burst = 3;
  StartBoth();
  EXPECT_EQ(FromFirst("/v1/gadgets/a").status, 200);
  EXPECT_EQ(FromSecond("/v1/gadgets/a").status, 200);
  EXPECT_EQ(FromSecond("/v1/gadgets/a").status, 200);
  const auto refused = FromFirst("/v1/gadgets/a");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("RATE_LIMITED"));
  EXPECT_THAT(refused.Header("retry-after"), ::testing::AnyOf("99", "100"));
}

TEST_F(SharedTest, OneLimitThatRefusesTakesNothingFromTheOther) {
  options_.address_rate = options_.caller_rate = 0.01;
  options_.address_burst = 2;
  options_.caller_burst = 1;
  StartBoth();
  http::testing::Client first(port());
  http::testing::Client second(second_http_->port());
  EXPECT_EQ(first.Get("/v1/gadgets/a", "Authorization: Bearer a\r\n").status, 200);
  EXPECT_EQ(second.Get("/v1/gadgets/a", "Authorization: Bearer a\r\n").status, 429);
  EXPECT_EQ(second.Get("/v1/gadgets/a", "Authorization: Bearer b\r\n").status, 200);
  EXPECT_EQ(first.Get("/v1/gadgets/a", "Authorization: Bearer c\r\n").status, 429);
}

TEST_F(SharedTest, EachGatewayHasItsOwnLimitsWhileRedisIsAway) {
  options_.address_rate = 0.01;
  options_.address_burst = 2;
  StartBoth();
  server_.Kill();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(FromFirst("/v1/gadgets/a").status, 200);
    EXPECT_EQ(FromSecond("/v1/gadgets/a").status, 200);
  }
  EXPECT_EQ(FromFirst("/v1/gadgets/a").status, 429);
}

TEST_F(SharedTest, ReadsBodiesAfterTheLimitsWereAsked) {
  options_.address_rate = options_.caller_rate = 1000;
  StartBoth();
  http::testing::Client client(port());
  const std::string title(100000, 'x');
  const auto created = client.Request("POST", "/v1/gadgets", "Content-Type: application/json\r\n",
                                      absl::StrCat("{\"title\":\"", title, "\"}"));
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.body, HasSubstr(title));
  const auto uploaded = client.Request("POST", "/v1/files", "Content-Type: image/png\r\n", title);
  EXPECT_THAT(uploaded.body, HasSubstr("files/100000"));
}

TEST_F(SharedTest, OneGatewayAsksTheServiceForBoth) {
  StartBoth();
  std::vector<std::thread> readers;
  for (int i = 0; i < 40; ++i) {
    readers.emplace_back([&, i] {
      const int port = i % 2 == 0 ? this->port() : second_http_->port();
      EXPECT_EQ(GetFrom(port, "/v1/counters/a").status, 200);
    });
  }
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(gadgets_.counter_reads, 1);
}

TEST_F(SharedTest, ThatThereIsNothingIsSharedToo) {
  StartBoth();
  EXPECT_EQ(FromFirst("/v1/counters/none").status, 404);
  const auto none = FromSecond("/v1/counters/none");
  EXPECT_EQ(none.status, 404);
  EXPECT_THAT(none.body, HasSubstr("COUNTER_NOT_FOUND"));
  EXPECT_EQ(FromSecond("/v1/counters/none").status, 404);
  EXPECT_EQ(gadgets_.counter_reads, 1);
}

TEST_F(SharedTest, WhoChangesSeesTheChange) {
  StartBoth();
  EXPECT_THAT(FromFirst("/v1/counters/a").body, HasSubstr("\"reads\":1"));
  EXPECT_THAT(FromSecond("/v1/counters/a").body, HasSubstr("\"reads\":1"));
  http::testing::Client(second_http_->port()).Request("POST", "/v1/counters/a:bump", "");
  EXPECT_THAT(FromSecond("/v1/counters/a").body, HasSubstr("\"value\":1"));
  clock_.Advance(absl::Minutes(2));
  EXPECT_THAT(FromFirst("/v1/counters/a").body, HasSubstr("\"value\":1"));
}

TEST_F(SharedTest, AnswersComeFromRedisAloneWithoutAPartInTheProcess) {
  options_.local_life = absl::ZeroDuration();
  StartBoth();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(FromFirst("/v1/counters/a").status, 200);
  EXPECT_EQ(gadgets_.counter_reads, 1);
  server_.Kill();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(FromFirst("/v1/counters/a").status, 200);
  EXPECT_GT(gadgets_.counter_reads, 1);
}

TEST_F(SharedTest, NonsenseInRedisIsNotAnAnswer) {
  StartBoth();
  EXPECT_EQ(FromFirst("/v1/counters/a").status, 200);
  const auto client = ReadyClient();
  absl::Notification spoilt;
  const redis::Script spoil(
      "for _, key in ipairs(redis.call('KEYS', 'veche:*')) do "
      "redis.call('SET', key, 'nonsense') end");
  client->Eval(spoil, {}, {}, [&](const absl::StatusOr<redis::Reply>&) { spoilt.Notify(); });
  spoilt.WaitForNotification();
  EXPECT_EQ(FromSecond("/v1/counters/a").status, 200);
  EXPECT_EQ(gadgets_.counter_reads, 2);
}

}  // namespace
}  // namespace veche::gateway::testing
