#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "common/api/metadata.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "services/notifications/module.h"
#include "services/notifications/streams/convert.h"
#include "services/notifications/testing/fixture.h"
#include "veche/events/v1/event_log.grpc.pb.h"
#include "veche/identity/v1/events.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/notifications/v1/notifications.grpc.pb.h"
#include "veche/notifications/v1/subscriptions.grpc.pb.h"

namespace veche::notifications {
namespace {

using rpc::testing::Resident;
using rpc::testing::TestServer;
using testing::kAuthor;
using testing::MakeEvent;
using testing::MakePollingEvent;
using ::testing::SizeIs;
using veche::testing::StatusIs;

// The log of a fake service: a real gRPC service whose events outlive its servers. Thread-safe.
class FakeLog final : public ::veche::events::v1::EventLog::Service {
 public:
  explicit FakeLog(std::string source) : source_(std::move(source)) {}

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
        wire.set_source(source_);
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
  const std::string source_;
  absl::Mutex mutex_;
  std::vector<events::Event> events_ ABSL_GUARDED_BY(mutex_);
  int generation_ ABSL_GUARDED_BY(mutex_) = 0;
};

// An identity with residents "residents/00000" and so on, all of "districts/a". Thread-safe.
class FakeIdentity final : public ::veche::identity::v1::Identity::Service {
 public:
  using Request = ::veche::identity::v1::ListResidentsOfDistrictsRequest;
  using Response = ::veche::identity::v1::ListResidentsOfDistrictsResponse;

  void SetResidents(int count) {
    absl::MutexLock lock(&mutex_);
    residents_ = count;
  }
  // How many pages it gives before it stops to answer.
  void AllowPages(int pages) {
    absl::MutexLock lock(&mutex_);
    pages_ = pages;
  }
  void WaitUntilSilent() {
    absl::MutexLock lock(&mutex_);
    const auto silent = [&] { return refused_ > 0; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&silent), absl::Seconds(30)));
  }

  // The home district of everybody.
  void SetHome(const std::string& district) {
    absl::MutexLock lock(&mutex_);
    home_ = district;
  }

  grpc::Status GetHomeDistricts(
      grpc::ServerContext*, const ::veche::identity::v1::GetHomeDistrictsRequest* request,
      ::veche::identity::v1::GetHomeDistrictsResponse* response) override {
    absl::MutexLock lock(&mutex_);
    for (const std::string& resident : request->residents()) {
      if (home_.empty()) continue;
      auto& home = *response->add_homes();
      home.set_resident(resident);
      home.set_district(home_);
    }
    return grpc::Status::OK;
  }

  grpc::Status ListResidentsOfDistricts(grpc::ServerContext*, const Request* request,
                                        Response* response) override {
    absl::MutexLock lock(&mutex_);
    if (pages_ == 0) {
      ++refused_;
      return grpc::Status(grpc::StatusCode::UNAVAILABLE, "down");
    }
    --pages_;
    const bool concerned = request->districts_size() == 0 || request->districts(0) == "districts/a";
    for (int i = 0; concerned && i < residents_; ++i) {
      const std::string name = absl::StrFormat("residents/%05d", i);
      if (name <= request->page_token()) continue;
      if (response->residents_size() == request->page_size()) {
        response->set_next_page_token(*response->residents().rbegin());
        break;
      }
      response->add_residents(name);
    }
    return grpc::Status::OK;
  }

 private:
  absl::Mutex mutex_;
  std::string home_ ABSL_GUARDED_BY(mutex_);
  int residents_ ABSL_GUARDED_BY(mutex_) = 0;
  int pages_ ABSL_GUARDED_BY(mutex_) = 1'000'000;
  int refused_ ABSL_GUARDED_BY(mutex_) = 0;
};

std::filesystem::path MakeFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "notifications-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    rpc::KeepCallbackQueue();
    Serve("appeals", {&log_});
    Serve("polling", {&polling_});
    Serve("identity", {&identity_, &identity_log_});
    StartModule();
  }
  ~ServiceTest() override {
    StopModule();
    log_.BreakOff();
    polling_.BreakOff();
    identity_log_.BreakOff();
    for (const auto& server : peers_) server->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  void Serve(absl::string_view name, const std::vector<grpc::Service*>& services) {
    grpc::ServerBuilder builder;
    for (grpc::Service* service : services) builder.RegisterService(service);
    peers_.push_back(builder.BuildAndStart());
    channels_.AddLocal(name, *peers_.back());
  }

  void StartModule() {
    auto module = CreateNotificationsModule(environment_);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    stub_ = v1::Notifications::NewStub(server_->channel());
    subscriptions_ = v1::Subscriptions::NewStub(server_->channel());
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

  // An event of a poll that happens now; those of appeals may be of any time.
  events::Event PollEvent(int n, absl::string_view type,
                          const std::vector<std::string>& districts = {}) {
    events::Event event = MakePollingEvent(n, type, "polls/1", {}, districts);
    event.time = absl::Now();
    return event;
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
  FakeLog log_{"appeals"};
  FakeLog polling_{"polling"};
  FakeLog identity_log_{"identity"};
  FakeIdentity identity_;
  std::vector<std::unique_ptr<grpc::Server>> peers_;
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Notifications::Stub> stub_;
  std::unique_ptr<v1::Subscriptions::Stub> subscriptions_;
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

TEST_F(ServiceTest, AHomeDistrictIsAskedForAndThenFollowed) {
  identity_.SetHome("districts/a");
  const auto home = [&] {
    v1::Subscription subscription;
    const auto context = server_->ContextFor(Resident("author"));
    EXPECT_TRUE(subscriptions_->GetSubscription(context.get(), {}, &subscription).ok());
    return subscription.home_district();
  };
  EXPECT_EQ(home(), "districts/a");
  ::veche::identity::v1::IdentityEvent moved;
  moved.set_resident("residents/author");
  moved.set_home_district("districts/b");
  identity_log_.Append({.id = "identity-1",
                        .type = "veche.identity.home_district_changed",
                        .subject = "residents/author",
                        .time = absl::Now(),
                        .data = moved.SerializeAsString(),
                        .cursor = "00000001"});
  const absl::Time give_up = absl::Now() + absl::Seconds(30);
  while (home() != "districts/b" && absl::Now() < give_up) std::this_thread::yield();
  EXPECT_EQ(home(), "districts/b");
}

TEST_F(ServiceTest, ASubscriptionIsAResidentsOwn) {
  for (const auto& [caller, code] :
       {std::pair(auth::Principal(), grpc::StatusCode::UNAUTHENTICATED),
        std::pair(rpc::testing::Officer("o", "departments/x"), grpc::StatusCode::PERMISSION_DENIED),
        std::pair(Resident("author"), grpc::StatusCode::OK)}) {
    v1::MuteTopicRequest mute;
    mute.set_name("topics/weather");
    v1::Subscription subscription;
    const auto context = server_->ContextFor(caller);
    EXPECT_EQ(subscriptions_->MuteTopic(context.get(), mute, &subscription).error_code(), code);
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

TEST_F(ServiceTest, APollReachesEveryResidentOnceAcrossAStop) {
  constexpr int kResidents = 1200;
  identity_.SetResidents(kResidents);
  identity_.AllowPages(1);
  polling_.Append(PollEvent(1, "poll_opened"));
  identity_.WaitUntilSilent();
  EXPECT_EQ(CountOf("00499"), 1);
  EXPECT_EQ(CountOf("00500"), 0);
  StopModule();
  identity_.AllowPages(1'000'000);
  StartModule();
  WaitForCount("01199", 1);
  // The event comes again, and another one after it shows that it was read.
  events::Event again = PollEvent(1, "poll_opened");
  again.cursor = "00000002";
  polling_.Append(again);
  polling_.Append(PollEvent(3, "poll_closed", {"districts/a"}));
  WaitForCount("01199", 2);
  for (int i = 0; i < kResidents; ++i) ASSERT_EQ(CountOf(absl::StrFormat("%05d", i)), 2) << i;
}

TEST_F(ServiceTest, APollOfADistrictReachesNobodyElse) {
  identity_.SetResidents(3);
  polling_.Append(PollEvent(1, "poll_opened", {"districts/b"}));
  polling_.Append(PollEvent(2, "poll_closed", {"districts/a"}));
  WaitForCount("00002", 1);
  EXPECT_EQ(CountOf("00000"), 1);
}

TEST_F(ServiceTest, AStreamHasPollsInTheReadersLanguage) {
  identity_.SetResidents(2);
  v1::WatchNotificationsRequest request;
  request.set_last_event_id(ToId(0));
  const auto context = server_->ContextFor(Resident("00001"));
  context->AddMetadata(api::kLanguageMetadata, "en");
  const auto reader = stub_->WatchNotifications(context.get(), request);
  polling_.Append(PollEvent(1, "poll_opened"));
  v1::WatchNotificationsResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.notification().subject(), "polls/1");
  EXPECT_EQ(response.notification().type(), "veche.polling.poll_opened");
  EXPECT_EQ(response.notification().title(), "The poll “Square” is open");
  context->TryCancel();
  (void)reader->Finish();
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
