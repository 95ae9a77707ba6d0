#include "common/redis/shared_cache.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/redis/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::redis {
namespace {

using ::testing::Optional;

std::shared_ptr<const std::string> Text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// A replica with a client of its own.
struct Replica {
  explicit Replica(const testing::Server& server,
                   SharedCache::Patience patience = {absl::Minutes(1), absl::Minutes(1)})
      : patience(patience),
        client(*Client::Start(
            {.address = server.address(), .connections = 1, .timeout = absl::Seconds(20)},
            observe::NullTelemetry())) {
    while (!Ping().ok()) {
    }
  }
  // Comes back after everything that this replica has sent before has had its effect.
  absl::Status Ping() {
    absl::Status status;
    absl::Notification answered;
    client->Command({"PING"}, [&](const absl::StatusOr<Reply>& reply) {
      status = reply.status();
      answered.Notify();
    });
    answered.WaitForNotification();
    return status;
  }
  void Put(absl::string_view key, std::string value, absl::Duration life) {
    cache.Put(key, Text(std::move(value)), life);
    EXPECT_OK(Ping());
  }
  // The value; nullopt when this replica is to compute it.
  std::optional<std::string> Take(absl::string_view key,
                                  absl::Duration renew_within = absl::ZeroDuration()) {
    std::optional<std::string> value;
    absl::Notification taken;
    cache.Take(key, renew_within, [&](const std::optional<SharedCache::Found>& found) {
      if (found) {
        value = *found->value;
        EXPECT_GT(found->left, absl::ZeroDuration());
      }
      taken.Notify();
    });
    taken.WaitForNotification();
    return value;
  }

  const SharedCache::Patience patience;
  std::unique_ptr<Client> client;
  SharedCache cache{*client, "veche:test:1", patience};
};

class SharedCacheTest : public ::testing::Test {
 protected:
  testing::Server server_;
  Replica a_{server_};
  Replica b_{server_};
};

TEST_F(SharedCacheTest, OneReplicaComputesForAll) {
  EXPECT_EQ(a_.Take("k"), std::nullopt);
  absl::Notification got;
  b_.cache.Take("k", absl::ZeroDuration(), [&](const std::optional<SharedCache::Found>& found) {
    ASSERT_TRUE(found.has_value()) << "waits for the value of the first";
    EXPECT_EQ(*found->value, "1");
    got.Notify();
  });
  a_.Put("k", "1", absl::Minutes(1));
  got.WaitForNotification();
  EXPECT_THAT(a_.Take("k"), Optional(std::string("1")));
}

TEST_F(SharedCacheTest, AThousandReadersOfTwoReplicasComputeOnce) {
  constexpr int kReaders = 1000;
  std::atomic<int> computed = 0;
  std::atomic<int> got = 0;
  absl::BlockingCounter taken(kReaders);
  std::vector<std::thread> threads;
  for (Replica* replica : {&a_, &b_}) {
    threads.emplace_back([&, replica] {
      for (int i = 0; i < kReaders / 2; ++i) {
        replica->cache.Take("k", absl::ZeroDuration(), [&, replica](const auto& found) {
          if (found) {
            got += *found->value == "1";
          } else {
            ++computed;
            replica->cache.Put("k", Text("1"), absl::Minutes(1));
          }
          taken.DecrementCount();
        });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  taken.Wait();
  EXPECT_EQ(computed, 1);
  EXPECT_EQ(got, kReaders - 1);
}

TEST_F(SharedCacheTest, WhoGivesUpLetsTheNextTry) {
  EXPECT_EQ(a_.Take("k"), std::nullopt);
  a_.cache.GiveUp("k");
  EXPECT_EQ(b_.Take("k"), std::nullopt);
}

TEST_F(SharedCacheTest, AReplicaThatDiesHoldsTheOthersUpForAShortTime) {
  Replica dying(server_, {.lock = absl::Milliseconds(50), .wait = absl::Minutes(1)});
  EXPECT_EQ(dying.Take("k"), std::nullopt);
  EXPECT_EQ(b_.Take("k"), std::nullopt) << "after the end of the lock";
  Replica impatient(server_, {.lock = absl::Minutes(1), .wait = absl::Milliseconds(50)});
  EXPECT_EQ(impatient.Take("k"), std::nullopt) << "although another has the lock";
}

TEST_F(SharedCacheTest, OneRenewsAValueWhileTheOthersGetIt) {
  a_.Put("k", "old", absl::Minutes(1));
  EXPECT_EQ(a_.Take("k", absl::Minutes(2)), std::nullopt);
  EXPECT_THAT(a_.Take("k", absl::Minutes(2)), Optional(std::string("old")));
  EXPECT_THAT(b_.Take("k", absl::Minutes(2)), Optional(std::string("old")));
  a_.Put("k", "new", absl::Minutes(10));
  EXPECT_THAT(b_.Take("k", absl::Minutes(2)), Optional(std::string("new")));
}

TEST_F(SharedCacheTest, ForgetsWhatIsRemovedAndKeepsNothingThatIsTooLarge) {
  a_.Put("k", "1", absl::Minutes(1));
  EXPECT_THAT(a_.Take("k"), Optional(std::string("1")));
  b_.cache.Remove("k");
  EXPECT_OK(b_.Ping());
  EXPECT_EQ(a_.Take("k"), std::nullopt);
  a_.Put("k", std::string(SharedCache::kMostBytes + 1, 'x'), absl::Minutes(1));
  EXPECT_EQ(b_.Take("k"), std::nullopt);
}

TEST_F(SharedCacheTest, WithoutRedisEachComputes) {
  server_.Kill();
  EXPECT_EQ(a_.Take("k"), std::nullopt);
  EXPECT_EQ(a_.Take("k"), std::nullopt);
  a_.cache.Put("k", Text("1"), absl::Minutes(1));
  a_.cache.GiveUp("k");
}

TEST(SharedCacheNonsenseTest, EachComputesWhenTheAnswersMakeNoSense) {
  for (const char* answer :
       {"+what\r\n", "*2\r\n+a\r\n+b\r\n", "*1\r\n+a\r\n", "*3\r\n:1\r\n:2\r\n:3\r\n", "$-1\r\n",
        "-OOM command not allowed\r\n"}) {
    testing::FakeServer server([&](absl::string_view bytes) {
      return std::string(bytes.find("PING") != bytes.npos ? "+PONG\r\n" : answer);
    });
    auto client = Client::Start({.address = server.address(), .timeout = absl::Seconds(20)},
                                observe::NullTelemetry());
    ASSERT_OK(client);
    SharedCache cache(**client, "veche:test:1", {});
    absl::Notification taken;
    cache.Take("k", absl::ZeroDuration(), [&](const std::optional<SharedCache::Found>& found) {
      EXPECT_EQ(found, std::nullopt) << answer;
      taken.Notify();
    });
    taken.WaitForNotification();
    client->reset();
  }
}

}  // namespace
}  // namespace veche::redis
