#include <gmock/gmock.h>

#include <memory>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/observe/metrics.h"
#include "services/gateway/testing/gateway_fixture.h"

namespace veche::gateway::testing {
namespace {

using ::testing::HasSubstr;

constexpr char kToken[] = "Authorization: Bearer t\r\n";  // its answers are not cached

class HedgeTest : public GatewayTest {
 protected:
  HedgeTest() {
    options_.hedge_after = absl::Milliseconds(20);
    Start();
  }
  bool Hedged(int calls) {
    const std::string line = absl::StrCat("veche_http_hedged_calls_total ", calls, "\n");
    return absl::StrContains(observe::RenderMetrics(*telemetry_.metrics), line);
  }
  // The test's own limit of time ends a wait in vain.
  template <typename Condition>
  static void Await(Condition condition) {
    while (!condition()) std::this_thread::yield();
  }
};

TEST_F(HedgeTest, AReadWithoutAnAnswerIsAskedOnceMore) {
  gadgets_.hangs = 1;
  http::testing::Client client(port());
  const auto answer = client.Get("/v1/counters/c", kToken);
  EXPECT_EQ(answer.status, 200);
  EXPECT_THAT(answer.body, HasSubstr("\"reads\":1"));
  EXPECT_TRUE(Hedged(1));
  Await([&] { return gadgets_.hangs_cancelled == 1; });  // the first call
}

TEST_F(HedgeTest, TheFirstAnswerCounts) {
  gadgets_.hangs = 2;
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/counters/c", kToken);
  Await([&] { return gadgets_.hangs == 0; });
  gadgets_.release.Notify();
  EXPECT_EQ(client.Read().status, 200);
  EXPECT_EQ(client.Get("/v1/counters/c", kToken).status, 200) << "nothing of the other answer came";
}

TEST_F(HedgeTest, AChangeIsMadeOnce) {
  absl::Notification go;
  gadgets_.bump_go = &go;
  http::testing::Client changing(port());
  changing.SendRequest("POST", "/v1/counters/c:bump", "Content-Type: application/json\r\n", "{}");
  gadgets_.hangs = 1;
  // A read that came later was hedged, so the change would have been too.
  EXPECT_EQ(http::testing::Client(port()).Get("/v1/counters/c", kToken).status, 200);
  EXPECT_TRUE(Hedged(1));
  go.Notify();
  EXPECT_EQ(changing.Read().status, 200);
  EXPECT_EQ(gadgets_.counter, 1);
}

TEST_F(HedgeTest, HedgesWithinTheBudget) {
  constexpr int kBudget = 10;
  constexpr int kCalls = 2 * kBudget;
  gadgets_.hangs = kCalls + kBudget + 1;
  std::vector<std::unique_ptr<http::testing::Client>> clients;
  for (int i = 0; i < kCalls; ++i) {
    clients.push_back(std::make_unique<http::testing::Client>(port()));
    clients.back()->SendRequest("GET", absl::StrCat("/v1/counters/", i), kToken);
  }
  Await([&] { return Hedged(kBudget) && gadgets_.hangs == 1; });
  clients.clear();  // the clients leave, and with them both calls of each
  Await([&] { return gadgets_.hangs_cancelled == kCalls + kBudget; });
  EXPECT_TRUE(Hedged(kBudget));
}

TEST_F(HedgeTest, WhenOneReplicaIsGoneTheOtherIsWaitedFor) {
  gadgets_.hangs = 1;
  gadgets_.cancellations = 1;  // of the second call, as by a replica that stops
  http::testing::Client client(port());
  client.SendRequest("GET", "/v1/counters/c", kToken);
  Await([&] { return gadgets_.cancellations == 0; });
  gadgets_.release.Notify();
  EXPECT_EQ(client.Read().status, 200);
}

}  // namespace
}  // namespace veche::gateway::testing
