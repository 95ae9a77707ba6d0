#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "services/notifications/module.h"
#include "services/notifications/streams/convert.h"
#include "services/notifications/testing/fixture.h"
#include "veche/events/v1/event_log.grpc.pb.h"
#include "veche/notifications/v1/notifications.grpc.pb.h"

namespace veche::notifications {
namespace {

using rpc::testing::Resident;
using rpc::testing::TestServer;
using testing::kAuthor;
using testing::MakeEvent;
using ::testing::SizeIs;
using veche::testing::StatusIs;

// The log of a fake appeals service: a real gRPC service whose events outlive its servers.
// Thread-safe.
class FakeAppealsLog final : public ::veche::events::v1::EventLog::Service {
 public:
  void Append(const events::Event& event) {
    absl::MutexLock lock(&mutex_);
    events_.push_back(event);
  }
  // Ends the open streams, like a crash of the process.
  void BreakOff() {
    absl::MutexLock lock(&mutex_);
    ++generation_;
  }

  grpc::Status Follow(grpc::ServerContext* context,
                      const ::veche::events::v1::FollowRequest* request,
                      grpc::ServerWriter<::veche::events::v1::FollowResponse>* writer) override {
    absl::MutexLock lock(&mutex_);
    const int generation = generation_;
    size_t next = 0;
    while (next < events_.size() && events_[next].cursor <= request->cursor()) ++next;
    while (generation == generation_ && !context->IsCancelled()) {
      ::veche::events::v1::FollowResponse response;
      for (; next < events_.size() && response.events_size() < 5; ++next) {
        const events::Event& event = events_[next];
        auto& wire = *response.add_events();
        wire.set_id(event.id);
        wire.set_source("appeals");
        wire.set_type(event.type);
        wire.set_subject(event.subject);
        wire.mutable_time()->set_seconds(absl::ToUnixSeconds(event.time));
        wire.set_data(event.data);
        wire.set_cursor(event.cursor);
      }
      if (response.events_size() > 0) {
        if (!writer->Write(response)) break;
        continue;
      }
      const auto changed = [&] { return generation != generation_ || next < events_.size(); };
      mutex_.AwaitWithTimeout(absl::Condition(&changed), absl::Milliseconds(20));
    }
    return grpc::Status(grpc::StatusCode::UNAVAILABLE, "broken off");
  }

 private:
  absl::Mutex mutex_;
  std::vector<events::Event> events_ ABSL_GUARDED_BY(mutex_);
  int generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

std::filesystem::path MakeFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "notifications-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    rpc::KeepCallbackQueue();
    grpc::ServerBuilder builder;
    builder.RegisterService(&log_);
    appeals_ = builder.BuildAndStart();
    channels_.AddLocal("appeals", *appeals_);
    StartModule();
  }
  ~ServiceTest() override {
    StopModule();
    log_.BreakOff();
    appeals_->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  void StartModule() {
    auto module = CreateNotificationsModule(environment_);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    stub_ = v1::Notifications::NewStub(server_->channel());
    ASSERT_OK(module_->Start());
    module_->StartFollowing();
    ASSERT_OK(module_->Ready());
  }
  void StopModule() {
    module_->Stop();
    server_.reset();
    module_.reset();
  }

  int CountOf(const std::string& resident) {
    v1::ListNotificationsResponse response;
    const auto context = server_->ContextFor(Resident(resident));
    EXPECT_TRUE(stub_->ListNotifications(context.get(), {}, &response).ok());
    return response.unread_count();
  }
  void WaitForCount(const std::string& resident, int count) {
    const absl::Time give_up = absl::Now() + absl::Seconds(30);
    while (CountOf(resident) < count && absl::Now() < give_up) std::this_thread::yield();
    EXPECT_EQ(CountOf(resident), count);
  }

  const std::filesystem::path folder_ = MakeFolder();
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  rpc::Environment environment_{config_,
                                folder_,
                                channels_,
                                TestServer::verifier(),
                                clock_,
                                ids_,
                                observe::NullTelemetry(),
                                {},
                                rpc::testing::SuiteCallers()};
  FakeAppealsLog log_;
  std::unique_ptr<grpc::Server> appeals_;
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Notifications::Stub> stub_;
};

TEST_F(ServiceTest, EveryEventCountsOnceAcrossBreaksAndRestarts) {
  constexpr int kRounds = 6;
  int n = 0;
  for (int round = 1; round <= kRounds; ++round) {
    for (int i = 0; i < 7; ++i) log_.Append(MakeEvent(++n, "started"));
    if (round % 2 == 0) log_.BreakOff();
    if (round % 3 == 0) {
      StopModule();
      for (int i = 0; i < 7; ++i) log_.Append(MakeEvent(++n, "started"));
      StartModule();
    }
    WaitForCount("author", n);
  }
}

TEST_F(ServiceTest, AnEventThatComesTwiceCountsOnce) {
  log_.Append(MakeEvent(1, "started"));
  events::Event again = MakeEvent(1, "started");
  again.cursor = "00000002";
  log_.Append(again);
  log_.Append(MakeEvent(3, "resolved"));
  WaitForCount("author", 2);
}

TEST_F(ServiceTest, AStreamResumesAfterItsLastEvent) {
  for (int i = 1; i <= 3; ++i) log_.Append(MakeEvent(i, "started"));
  WaitForCount("author", 3);
  v1::WatchNotificationsRequest request;
  request.set_last_event_id(ToId(1));
  const auto context = server_->ContextFor(Resident("author"));
  const auto reader = stub_->WatchNotifications(context.get(), request);
  v1::WatchNotificationsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.event_id(), ToId(2));
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.event_id(), ToId(3));
  log_.Append(MakeEvent(4, "resolved"));
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.event_id(), ToId(4));
  EXPECT_EQ(response.notification().type(), "veche.appeals.resolved");
  context->TryCancel();
  (void)reader->Finish();
}

TEST_F(ServiceTest, StoppingTellsStreamsToConnectAgain) {
  v1::WatchNotificationsRequest request;
  request.set_last_event_id(ToId(0));
  const auto context = server_->ContextFor(Resident("author"));
  const auto reader = stub_->WatchNotifications(context.get(), request);
  log_.Append(MakeEvent(1, "started"));
  v1::WatchNotificationsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  module_->Stop();
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_THAT(rpc::FromGrpc(reader->Finish()), veche::testing::HasReason("STOPPING"));
}

TEST_F(ServiceTest, OnlyResidentsHaveAnInbox) {
  v1::ListNotificationsResponse response;
  const auto nobody = server_->ContextFor({});
  EXPECT_EQ(stub_->ListNotifications(nobody.get(), {}, &response).error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  const auto staff = server_->ContextFor(rpc::testing::Admin("a"));
  EXPECT_EQ(stub_->ListNotifications(staff.get(), {}, &response).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

}  // namespace
}  // namespace veche::notifications
