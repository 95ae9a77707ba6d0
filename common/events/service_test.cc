#include "common/events/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "common/base/status_macros.h"
#include "common/events/remote_source.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/testing.h"
#include "common/sql/testing.h"
#include "common/testing/status_matchers.h"

namespace veche::events {
namespace {

using veche::testing::IsOkAndHolds;
using veche::testing::StatusIs;

constexpr absl::Duration kLong = absl::Minutes(1);

// A log of "things" served over real gRPC in this process.
class EventLogServiceTest : public ::testing::Test {
 protected:
  EventLogServiceTest() {
    EXPECT_OK(sql::Migrate(*db_, Migrations()));
    auto dispatcher = rpc::Dispatcher::Create(
        {.service = "things",
         .callers = rpc::testing::SuiteCallers({"notifications"}),
         .threads = 2},
        {BindEventLog(hub_)}, rpc::testing::TestServer::verifier(), nullptr, clock_, telemetry_);
    EXPECT_OK(dispatcher);
    dispatcher_ = *std::move(dispatcher);
    server_ = std::make_unique<rpc::testing::TestServer>(dispatcher_->services());
  }
  ~EventLogServiceTest() override {
    hub_.Stop();
    dispatcher_->Shutdown();
  }

  std::unique_ptr<Source> Follow(absl::string_view service = "notifications") {
    return RemoteSource(server_->channel(), {.log = "things",
                                             .consumer = std::string(service),
                                             .prepare = [service](grpc::ClientContext& context) {
                                               context.AddMetadata("x-veche-service",
                                                                   std::string(service));
                                             }});
  }
  void Append(int count) {
    ASSERT_OK(db_->Write([&](sql::Transaction& tx) -> absl::Status {
      for (int i = 0; i < count; ++i) {
        RETURN_IF_ERROR(
            log_.Append(tx, log_.Make("veche.things.made", "things/1", absl::StrCat(written_++))));
      }
      return absl::OkStatus();
    }));
  }
  // Takes `count` events and checks that they are the next ones.
  void TakeAll(Source& source, std::string& cursor, int& next, int count) {
    for (const int end = next + count; next < end;) {
      const auto events = source.Next(cursor, 100, kLong);
      ASSERT_OK(events);
      for (const Event& event : *events) {
        ASSERT_EQ(event.data, absl::StrCat(next++));
        cursor = event.cursor;
      }
    }
  }

  SystemClock clock_;
  UlidSource ids_{clock_};
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  std::unique_ptr<sql::Database> db_ = sql::testing::OpenInMemory();
  EventLog log_{"things", *db_, clock_, ids_};
  int written_ = 0;
  FollowHub hub_{log_, telemetry_};
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<rpc::testing::TestServer> server_;
};

TEST_F(EventLogServiceTest, SendsALongBacklogAndThenWhatComes) {
  constexpr int kBacklog = 10'000;  // several streams
  Append(kBacklog);
  auto source = Follow();
  std::string cursor;
  int next = 0;
  TakeAll(*source, cursor, next, kBacklog);
  for (int i = 0; i < 5; ++i) {
    Append(1);
    TakeAll(*source, cursor, next, 1);
  }
}

TEST_F(EventLogServiceTest, KeepsEveryAttribute) {
  Append(1);
  auto source = Follow();
  const auto remote = source->Next("", 10, kLong);
  const auto local = log_.ReadAfter("", 10);
  ASSERT_OK(remote);
  ASSERT_EQ(remote->size(), 1);
  EXPECT_EQ(remote->front().id, local->front().id);
  EXPECT_EQ(remote->front().type, local->front().type);
  EXPECT_EQ(remote->front().subject, local->front().subject);
  EXPECT_EQ(remote->front().time, local->front().time);
  EXPECT_EQ(remote->front().cursor, local->front().cursor);
  EXPECT_EQ(source->log(), "things");
}

TEST_F(EventLogServiceTest, StartsAnywhere) {
  Append(3);
  const std::string second = (*log_.ReadAfter("", 2))[1].cursor;
  auto source = Follow();
  std::string cursor = second;
  int next = 2;
  TakeAll(*source, cursor, next, 1);
  cursor = second;  // as after a failed effect
  next = 2;
  TakeAll(*source, cursor, next, 1);
  EXPECT_THAT(source->Newest(), IsOkAndHolds(cursor));
}

TEST_F(EventLogServiceTest, TheNewestOfAnEmptyLogIsEmpty) {
  EXPECT_THAT(Follow()->Newest(), IsOkAndHolds(""));
}

TEST_F(EventLogServiceTest, ServesServicesOnly) {
  auto source =
      RemoteSource(server_->channel(), {.log = "things", .consumer = "", .prepare = nullptr});
  EXPECT_FALSE(source->Next("", 1, kLong).ok());
  EXPECT_FALSE(source->Newest().ok());
}

TEST_F(EventLogServiceTest, RefusesWhatIsNoCursor) {
  EXPECT_THAT(Follow()->Next("x", 1, kLong), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(EventLogServiceTest, KeepsWhatAFollowerHasNotStored) {
  Append(3);
  auto source = Follow();
  std::string cursor;
  int next = 0;
  TakeAll(*source, cursor, next, 3);  // taken, but not yet reported as stored
  EXPECT_THAT(log_.Prune(absl::InfiniteFuture()), IsOkAndHolds(0));
  Append(1);
  TakeAll(*Follow(), cursor, next, 1);  // the new stream reports the cursor
  EXPECT_THAT(log_.Prune(absl::InfiniteFuture()), IsOkAndHolds(3));
}

TEST_F(EventLogServiceTest, StoppingEndsTheStreams) {
  Append(1);
  auto source = Follow();
  std::string cursor;
  int next = 0;
  TakeAll(*source, cursor, next, 1);
  std::thread stop([&] { hub_.Stop(); });
  EXPECT_THAT(source->Next(cursor, 1, kLong), StatusIs(absl::StatusCode::kUnavailable));
  stop.join();
}

TEST_F(EventLogServiceTest, CancelWakesTheOneWhoWaits) {
  auto source = Follow();
  std::thread waiter([&] { source->Next("", 1, absl::InfiniteDuration()).IgnoreError(); });
  source->Cancel();
  waiter.join();
}

TEST_F(EventLogServiceTest, FeedsAConsumerInAnotherDatabase) {
  auto other = sql::testing::OpenInMemory();
  ASSERT_OK(sql::Migrate(*other, Migrations()));
  Append(500);
  absl::Mutex mutex;
  std::vector<std::string> seen;
  Consumer consumer(
      {.name = "test"}, Follow(), *other,
      [&](absl::Span<const Event> batch) -> absl::StatusOr<Effect> {
        absl::MutexLock lock(&mutex);
        for (const Event& event : batch) seen.push_back(event.data);
        return Effect();
      },
      telemetry_);
  consumer.Start();
  Append(1);
  absl::MutexLock lock(&mutex);
  mutex.Await(absl::Condition(
      +[](std::vector<std::string>* all) { return all->size() == 501; }, &seen));
}

}  // namespace
}  // namespace veche::events
