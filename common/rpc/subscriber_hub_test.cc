#include "common/rpc/subscriber_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>

#include "common/testing/status_matchers.h"

namespace veche::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using veche::testing::StatusIs;

// A stream without a network. Calls OnDone's callbacks at its end, on the thread that ends it.
class FakeWriter final : public StreamWriter<int> {
 public:
  bool Write(int message) override {
    absl::MutexLock lock(&mutex_);
    if (end_) return false;
    messages_.push_back(message);
    return true;
  }
  void Finish(absl::Status status) override {
    std::vector<std::function<void()>> done;
    {
      absl::MutexLock lock(&mutex_);
      if (end_) return;
      end_ = std::move(status);
      done.swap(done_);
    }
    for (const auto& callback : done) callback();
  }
  void OnDone(std::function<void()> done) override {
    {
      absl::MutexLock lock(&mutex_);
      if (!end_) {
        done_.push_back(std::move(done));
        return;
      }
    }
    done();
  }

  // Ends the stream without OnDone's callbacks: the state between the end and the callbacks.
  void EndSilently() {
    absl::MutexLock lock(&mutex_);
    end_ = absl::OkStatus();
  }
  void TellDone() {
    std::vector<std::function<void()>> done;
    {
      absl::MutexLock lock(&mutex_);
      done.swap(done_);
    }
    for (const auto& callback : done) callback();
  }
  void Leave() { Finish(absl::CancelledError("the client left")); }
  std::vector<int> messages() {
    absl::MutexLock lock(&mutex_);
    return messages_;
  }
  std::optional<absl::Status> end() {
    absl::MutexLock lock(&mutex_);
    return end_;
  }
  bool WaitForMessages(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return messages_.size() >= count; };
    return mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Minutes(1));
  }

 private:
  absl::Mutex mutex_;
  std::vector<int> messages_ ABSL_GUARDED_BY(mutex_);
  std::optional<absl::Status> end_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> done_ ABSL_GUARDED_BY(mutex_);
};

struct Client {
  std::shared_ptr<FakeWriter> writer = std::make_shared<FakeWriter>();
};
using Hub = SubscriberHub<std::string, Client>;

SubscriberHubOptions Options(int capacity = 1'000, int capacity_per_key = 1'000) {
  return {.capacity = capacity,
          .capacity_per_key = capacity_per_key,
          .full = absl::ResourceExhaustedError("full"),
          .stopped = absl::UnavailableError("stopped")};
}

std::shared_ptr<Client> Subscribe(Hub& hub, const std::string& key) {
  auto client = std::make_shared<Client>();
  const absl::Status status = hub.Subscribe(key, client);
  if (!status.ok()) client->writer->Finish(status);
  return client;
}

void Publish(Hub& hub, const std::string& key, int message) {
  hub.Publish(key, [&](Client& client) { return client.writer->Write(message); });
}

TEST(SubscriberHubTest, PublishesToThoseOfTheKey) {
  Hub hub(Options());
  const auto first = Subscribe(hub, "a");
  const auto second = Subscribe(hub, "a");
  const auto other = Subscribe(hub, "b");
  Publish(hub, "a", 1);
  Publish(hub, "b", 2);
  Publish(hub, "a", 3);
  Publish(hub, "nobody", 4);
  EXPECT_THAT(first->writer->messages(), ElementsAre(1, 3));
  EXPECT_THAT(second->writer->messages(), ElementsAre(1, 3));
  EXPECT_THAT(other->writer->messages(), ElementsAre(2));
}

TEST(SubscriberHubTest, TellsWhoIsThere) {
  Hub hub(Options());
  EXPECT_TRUE(hub.empty());
  const auto first = Subscribe(hub, "a");
  const auto second = Subscribe(hub, "a");
  const auto other = Subscribe(hub, "b");
  EXPECT_EQ(hub.size(), 3);
  EXPECT_TRUE(hub.Has("a"));
  EXPECT_FALSE(hub.Has("c"));
  EXPECT_THAT(hub.Keys(), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(hub.Of("a"), ElementsAre(first, second));
  EXPECT_THAT(hub.Of("c"), IsEmpty());
  EXPECT_THAT(hub.Select([&](const Client& client) { return &client != first.get(); }),
              UnorderedElementsAre(second, other));
}

TEST(SubscriberHubTest, RemovesWhoLeaves) {
  Hub hub(Options());
  const auto first = Subscribe(hub, "a");
  const auto second = Subscribe(hub, "a");
  first->writer->Leave();
  EXPECT_THAT(hub.Of("a"), ElementsAre(second));
  second->writer->Leave();
  EXPECT_FALSE(hub.Has("a"));
  EXPECT_TRUE(hub.empty());
  EXPECT_EQ(first.use_count(), 1);  // the hub holds it no more
}

TEST(SubscriberHubTest, RemovesWhoLeftBeforeItSubscribed) {
  Hub hub(Options());
  auto client = std::make_shared<Client>();
  client->writer->Leave();
  EXPECT_OK(hub.Subscribe("a", client));
  EXPECT_TRUE(hub.empty());
}

TEST(SubscriberHubTest, RemovesAStreamThatTakesNoMoreMessages) {
  Hub hub(Options());
  const auto over = Subscribe(hub, "a");
  const auto open = Subscribe(hub, "a");
  over->writer->EndSilently();
  Publish(hub, "a", 1);
  EXPECT_THAT(hub.Of("a"), ElementsAre(open));
  EXPECT_THAT(open->writer->messages(), ElementsAre(1));
}

TEST(SubscriberHubTest, BoundsSubscribersInAllAndByKey) {
  Hub hub(Options(/*capacity=*/3, /*capacity_per_key=*/2));
  const auto first = Subscribe(hub, "a");
  const auto second = Subscribe(hub, "a");
  EXPECT_THAT(*Subscribe(hub, "a")->writer->end(), StatusIs(absl::StatusCode::kResourceExhausted));
  const auto third = Subscribe(hub, "b");
  EXPECT_THAT(*Subscribe(hub, "c")->writer->end(), StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_FALSE(hub.Has("c"));
  first->writer->Leave();
  EXPECT_EQ(Subscribe(hub, "a")->writer->end(), std::nullopt);
  EXPECT_EQ(hub.size(), 3);
}

TEST(SubscriberHubTest, StopEndsStreamsAndRefusesNewOnes) {
  Hub hub(Options());
  const auto first = Subscribe(hub, "a");
  const auto left = Subscribe(hub, "b");
  left->writer->Leave();
  hub.Stop();
  EXPECT_THAT(*first->writer->end(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(*left->writer->end(), StatusIs(absl::StatusCode::kCancelled));
  EXPECT_THAT(*Subscribe(hub, "a")->writer->end(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(hub.empty());
  hub.Stop();
}

TEST(SubscriberHubTest, CallsItsListenerForEachNewSubscriber) {
  Hub hub(Options(/*capacity=*/2));
  int heard = 0;
  hub.SetListener([&] { ++heard; });
  const auto first = Subscribe(hub, "a");
  EXPECT_EQ(heard, 1);
  hub.SetListener(nullptr);
  const auto second = Subscribe(hub, "a");
  EXPECT_EQ(heard, 1);
  hub.SetListener([&] { ++heard; });
  Subscribe(hub, "a");  // refused
  EXPECT_EQ(heard, 1);
}

TEST(SubscriberHubTest, AStreamMayOutliveTheHub) {
  std::optional<Hub> hub(Options());
  const auto client = std::make_shared<Client>();
  ASSERT_OK(hub->Subscribe("a", client));
  client->writer->EndSilently();  // its callback comes later
  hub.reset();
  EXPECT_EQ(client.use_count(), 1);
  client->writer->TellDone();
}

TEST(SubscriberHubTest, AStreamThatEndedDoesNotRemoveTheNextAtItsAddress) {
  Client place;
  Hub hub(Options());
  const auto subscribe = [&] {
    place.writer = std::make_shared<FakeWriter>();
    EXPECT_OK(hub.Subscribe("a", std::shared_ptr<Client>(&place, [](Client*) {})));
    return place.writer;
  };
  const std::shared_ptr<FakeWriter> over = subscribe();
  over->EndSilently();
  Publish(hub, "a", 1);
  ASSERT_TRUE(hub.empty());
  subscribe();
  over->TellDone();
  EXPECT_EQ(hub.size(), 1);
}

// Clients come, take what is published, and leave, while one thread publishes 1, 2, 3, … to every
// key. Each sees numbers without a gap or repetition.
TEST(SubscriberHubTest, LosesNothingWhileClientsComeAndGo) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 200;
  const std::vector<std::string> keys = {"a", "b", "c"};
  Hub hub(Options(/*capacity=*/kThreads));
  std::atomic<int> coming = kThreads;
  std::thread publisher([&] {
    for (int message = 1; coming > 0; ++message) {
      for (const std::string& key : keys) Publish(hub, key, message);
      EXPECT_LE(hub.size(), kThreads);
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < kRounds; ++round) {
        const auto client = Subscribe(hub, keys[(i + round) % keys.size()]);
        EXPECT_TRUE(client->writer->WaitForMessages(1 + round % 3));
        client->writer->Leave();
        const std::vector<int> seen = client->writer->messages();
        for (size_t j = 1; j < seen.size(); ++j) EXPECT_EQ(seen[j], seen[j - 1] + 1);
      }
      --coming;
    });
  }
  for (std::thread& thread : threads) thread.join();
  publisher.join();
  EXPECT_TRUE(hub.empty());
}

// In the end every accepted stream has ended, and those that the hub ended have its status.
TEST(SubscriberHubTest, StopsUnderLoad) {
  constexpr int kThreads = 4;
  for (int round = 0; round < 50; ++round) {
    std::optional<Hub> hub(Options());
    std::atomic<int> taken = 0;
    std::vector<std::vector<std::shared_ptr<Client>>> clients(kThreads);
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 1'000; ++n) {
          auto client = std::make_shared<Client>();
          const absl::Status status = hub->Subscribe(n % 2 == 0 ? "a" : "b", client);
          if (absl::IsUnavailable(status)) return;
          if (!status.ok()) continue;  // full
          ++taken;
          clients[i].push_back(client);
          if (n % 3 == 0) client->writer->Leave();
          Publish(*hub, "a", n);
        }
      });
    }
    while (taken < 10) std::this_thread::yield();
    hub->Stop();
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(hub->empty());
    for (const auto& of_thread : clients) {
      for (const auto& client : of_thread) {
        ASSERT_NE(client->writer->end(), std::nullopt);
        EXPECT_TRUE(absl::IsUnavailable(*client->writer->end()) ||
                    absl::IsCancelled(*client->writer->end()));
      }
    }
  }
}

TEST(SubscriberHubTest, ClientsLeaveWhileTheHubIsDestroyed) {
  constexpr int kThreads = 4;
  constexpr int kClients = 20;
  for (int round = 0; round < 50; ++round) {
    std::optional<Hub> hub(Options());
    std::vector<std::thread> threads;
    std::atomic<int> ready = 0;
    for (int i = 0; i < kThreads; ++i) {
      std::vector<std::shared_ptr<Client>> clients;
      for (int n = 0; n < kClients; ++n) clients.push_back(Subscribe(*hub, "a"));
      threads.emplace_back([&ready, clients = std::move(clients)] {
        ++ready;
        for (const auto& client : clients) client->writer->Leave();
      });
    }
    while (ready == 0) std::this_thread::yield();
    hub.reset();
    for (std::thread& thread : threads) thread.join();
  }
}

}  // namespace
}  // namespace veche::rpc
