// Kills the process that sends, in the middle: nothing is missing, and what was sent twice had the
// same Topic, so that the push service replaces it.

#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/mutex.h"
#include "common/base/status_macros.h"
#include "common/crypto/p256.h"
#include "common/events/event_log.h"
#include "common/http/server.h"
#include "common/rpc/idempotency.h"
#include "common/testing/status_matchers.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/storage/endpoint_store.h"
#include "services/notifications/storage/migrations.h"

namespace veche::notifications {
namespace {

constexpr int kUsualDeliveries = 10'000;
constexpr int kKills = 3;
// What may be on its way when the process dies: waiting and running requests.
constexpr int kInMemory = 1000;

// Accepts every message and counts it by Topic.
class PushService final : public http::Handler {
 public:
  void Handle(http::ExchangePtr exchange) override {
    exchange->ReadBody(5000, [this, exchange] {
      {
        absl::MutexLock lock(&mutex_);
        ++accepted_;
        ++topics_[std::string(exchange->request().Header("topic"))];
      }
      http::Response response;
      response.status = 201;
      exchange->Send(std::move(response));
    });
  }
  http::Response Refuse(const http::Refusal& refusal) override {
    http::Response response;
    response.status = refusal.status;
    return response;
  }
  // Waits until so many different messages have come; false when they do not.
  bool WaitFor(size_t messages) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return topics_.size() >= messages; };
    return mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(240));
  }
  int accepted() {
    absl::MutexLock lock(&mutex_);
    return accepted_;
  }
  std::map<std::string, int> topics() {
    absl::MutexLock lock(&mutex_);
    return topics_;
  }

 private:
  absl::Mutex mutex_;
  int accepted_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, int> topics_ ABSL_GUARDED_BY(mutex_);
};

// The process that sends.
class Sender {
 public:
  explicit Sender(const std::string& database) {
    std::string program = VECHE_DELIVERY_PROCESS, file = database;
    char* arguments[] = {program.data(), file.data(), nullptr};
    EXPECT_EQ(posix_spawn(&pid_, program.c_str(), nullptr, nullptr, arguments, environ), 0);
  }
  ~Sender() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }

 private:
  pid_t pid_ = 0;
};

// VECHE_DELIVERIES sets another number.
int Deliveries() {
  int count = kUsualDeliveries;
  const char* wanted = std::getenv("VECHE_DELIVERIES");
  if (wanted != nullptr) {
    EXPECT_TRUE(absl::SimpleAtoi(wanted, &count));
  }
  return count;
}

std::vector<NewDelivery> Seed(sql::Database& database, int port, int count) {
  DeliveryStore store;
  EndpointStore endpoints(std::string(32, 'k'));
  const absl::Time now = absl::Now();
  const std::string p256dh = crypto::P256Point(*crypto::GenerateP256());
  std::vector<NewDelivery> batch;
  for (int i = 0; i < count; ++i) {
    const std::string id = absl::StrFormat("01k%023d", i);
    batch.push_back(
        {.id = id, .subscriber = "residents/1", .endpoint = id, .post = 7, .due_time = now});
  }
  EXPECT_OK(
      sql::Migrate(database, {rpc::IdempotencyMigrations(), events::Migrations(), Migrations()}));
  EXPECT_OK(database.Write([&](sql::Transaction& transaction) -> absl::Status {
    for (const NewDelivery& delivery : batch) {
      RETURN_IF_ERROR(endpoints
                          .PutPush(transaction, {.id = delivery.id,
                                                 .subscriber = "residents/1",
                                                 .endpoint = absl::StrCat("http://127.0.0.1:", port,
                                                                          "/", delivery.id),
                                                 .p256dh = p256dh,
                                                 .auth = std::string(16, 'a'),
                                                 .create_time = now})
                          .status());
    }
    return store.AddBatch(transaction, batch, now).status();
  }));
  return batch;
}

int CountSent(sql::Database& database) {
  int sent = 0;
  EXPECT_OK(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::vector<sql::Row> rows,
                     transaction.Query("SELECT COUNT(*) FROM deliveries WHERE state = 3"));
    sent = static_cast<int>(rows[0].Int(0));
    return absl::OkStatus();
  }));
  return sent;
}

TEST(DeliveryCrashTest, LosesNothingAndRepeatsOnlyUnderTheSameTopic) {
  const int count = Deliveries();
  PushService service;
  auto server = http::Server::Start({.address = "127.0.0.1:0"}, service);
  ASSERT_OK(server);
  const std::string file = absl::StrCat(::testing::TempDir(), "/crash_", getpid(), ".db");
  std::vector<NewDelivery> batch;
  {
    auto database = sql::OpenSqlite({.path = file});
    ASSERT_OK(database);
    batch = Seed(**database, (*server)->port(), count);
  }
  for (int i = 1; i <= kKills; ++i) {
    Sender sender(file);
    ASSERT_TRUE(service.WaitFor(static_cast<size_t>(count) * i / (kKills + 1)));
  }
  {
    Sender sender(file);
    ASSERT_TRUE(service.WaitFor(static_cast<size_t>(count)));
    auto database = sql::OpenSqlite({.path = file});
    ASSERT_OK(database);
    const absl::Time deadline = absl::Now() + absl::Seconds(60);
    while (CountSent(**database) < count && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(50));
    }
    EXPECT_EQ(CountSent(**database), count);
  }
  const std::map<std::string, int> topics = service.topics();
  for (const NewDelivery& delivery : batch) {
    ASSERT_EQ(topics.count(MessageKey(delivery)), 1) << delivery.id;
  }
  EXPECT_EQ(topics.size(), batch.size());  // no message under another Topic
  const int doubles = service.accepted() - count;
  EXPECT_LE(doubles, kKills * kInMemory);
  RecordProperty("doubles", doubles);
  std::cout << count << " deliveries, " << kKills << " kills, 0 missing, " << doubles
            << " sent twice under the same Topic" << std::endl;
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace veche::notifications
