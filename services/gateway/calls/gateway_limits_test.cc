#include <gmock/gmock.h>

#include <thread>

#include "absl/strings/str_cat.h"
#include "common/observe/metrics.h"
#include "services/gateway/testing/gateway_fixture.h"

namespace veche::gateway::testing {
namespace {

using ::testing::HasSubstr;

class LimitsTest : public GatewayTest {};

TEST_F(LimitsTest, SlowsAnAddressDown) {
  options_.address_rate = 1;
  options_.address_burst = 3;
  Start();
  http::testing::Client client(port());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(client.Get("/v1/gadgets/a").status, 200);
  const auto refused = client.Get("/v1/gadgets/a");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.Header("retry-after"), "1");
  EXPECT_THAT(refused.body, HasSubstr("RATE_LIMITED"));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(client.Get("/v1/gadgets/a").status, 200);
}

TEST_F(LimitsTest, KnowsClientsBehindATrustedProxyApart) {
  options_.address_rate = 1;
  options_.address_burst = 1;
  http_options_.trusted_proxies = *http::TrustedProxies::Parse({"127.0.0.1"});
  Start();
  http::testing::Client proxy(port());
  const auto get = [&](const char* headers) { return proxy.Get("/v1/gadgets/a", headers).status; };
  EXPECT_EQ(get("X-Forwarded-For: 198.51.100.1\r\n"), 200);
  EXPECT_EQ(get("X-Forwarded-For: 1.2.3.4, 198.51.100.1\r\n"), 429);
  // The client's own header line comes before that of the proxy.
  EXPECT_EQ(get("X-Forwarded-For: 1.2.3.5\r\nX-Forwarded-For: 198.51.100.1\r\n"), 429);
  EXPECT_EQ(get("X-Forwarded-For: 2001:db8::1\r\n"), 200);
}

TEST_F(LimitsTest, BelievesNobodyElseWhereHeComesFrom) {
  options_.address_rate = 1;
  options_.address_burst = 1;
  http_options_.trusted_proxies = *http::TrustedProxies::Parse({"10.0.0.0/8"});
  Start();
  http::testing::Client client(port());
  EXPECT_EQ(client.Get("/v1/gadgets/a", "X-Forwarded-For: 1.2.3.4\r\n").status, 200);
  EXPECT_EQ(client.Get("/v1/gadgets/a", "X-Forwarded-For: 1.2.3.5\r\n").status, 429);
}

TEST_F(LimitsTest, SlowsACallerDownAndNotTheNext) {
  options_.caller_rate = 1;
  options_.caller_burst = 1;
  Start();
  http::testing::Client client(port());
  EXPECT_EQ(client.Get("/v1/gadgets/a", "Authorization: Bearer a\r\n").status, 200);
  EXPECT_EQ(client.Get("/v1/gadgets/a", "Authorization: Bearer a\r\n").status, 429);
  EXPECT_EQ(client.Get("/v1/gadgets/a", "Authorization: Bearer b\r\n").status, 200);
}

TEST_F(LimitsTest, ShedsWhatIsTooMuchInFlight) {
  options_.in_flight = 1;
  Start();
  http::testing::Client waiting(port());
  waiting.SendRequest("GET", "/v1/gadgets:wait");
  gadgets_.waiting.WaitForNotification();
  http::testing::Client client(port());
  const auto refused = client.Get("/v1/gadgets/a");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.Header("retry-after"), "1");
  EXPECT_THAT(observe::RenderMetrics(*telemetry_.metrics),
              HasSubstr(R"(veche_http_in_flight{method="GET",route="/v1/gadgets:wait"} 1)"));
  waiting.Close();
  gadgets_.cancelled.WaitForNotification();
}

TEST_F(LimitsTest, BoundsBodies) {
  options_.body_bytes = 1000;
  Start();
  const std::string large = absl::StrCat("{\"title\": \"", std::string(2000, 'x'), "\"}");
  http::testing::Client client(port());
  const auto refused = client.Post("/v1/gadgets", large);
  EXPECT_EQ(refused.status, 413);
  EXPECT_THAT(refused.body, HasSubstr("BODY_TOO_LARGE"));
  EXPECT_EQ(refused.Header("connection"), "close");
  http::testing::Client chunked(port());
  chunked.SendRequest("POST", "/v1/gadgets",
                      "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n",
                      absl::StrCat(absl::Hex(large.size()), "\r\n", large, "\r\n0\r\n\r\n"));
  EXPECT_EQ(chunked.Read().status, 413);
}

TEST_F(LimitsTest, GivesUpOnASlowService) {
  options_.unary_timeout = absl::Milliseconds(50);
  Start();
  http::testing::Client client(port());
  const auto response = client.Get("/v1/gadgets:wait");
  EXPECT_EQ(response.status, 504);
  EXPECT_THAT(response.body, HasSubstr("DEADLINE_EXCEEDED"));
}

TEST_F(LimitsTest, SaysThatTheServiceIsGone) {
  channel_ = grpc::CreateChannel("127.0.0.1:1", grpc::InsecureChannelCredentials());
  Start();
  http::testing::Client client(port());
  const auto response = client.Get("/v1/gadgets/a");
  EXPECT_EQ(response.status, 503);
  EXPECT_NE(response.Header("retry-after"), "");
  EXPECT_THAT(response.body, ::testing::Not(HasSubstr("127.0.0.1")));
}

TEST_F(LimitsTest, CancelsTheCallOfAClientThatLeft) {
  Start();
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/gadgets:wait");
  gadgets_.waiting.WaitForNotification();
  client.Close();
  gadgets_.cancelled.WaitForNotification();
}

TEST_F(LimitsTest, BoundsStreamsOfACaller) {
  options_.streams_per_caller = 1;
  Start();
  http::testing::Client first(port());
  first.SendRequest("GET", "/v1/gadgets/open:watch");
  EXPECT_EQ(first.ReadHead().status, 200);
  http::testing::Client second(port());
  const auto refused = second.Get("/v1/gadgets/open:watch");
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.body, HasSubstr("TOO_MANY_STREAMS"));
}

TEST_F(LimitsTest, AnswersManyClientsAtOnce) {
  Start();
  std::vector<std::thread> threads;
  std::atomic<int> right{0};
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      http::testing::Client client(port());
      for (int i = 0; i < 50; ++i) {
        const std::string name = absl::StrCat("gadgets/", t, "-", i);
        const auto response = client.Get(absl::StrCat("/v1/", name));
        right += response.status == 200 && response.body.find(name) != std::string::npos;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 400);
}

}  // namespace
}  // namespace veche::gateway::testing
