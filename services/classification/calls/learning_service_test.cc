// The module through real gRPC, with a fake of appeals on a real server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "absl/strings/str_format.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/learning/texts.h"
#include "services/classification/module.h"
#include "services/classification/testing/learning_fakes.h"
#include "veche/appeals/v1/appeals.grpc.pb.h"
#include "veche/classification/v1/classification.grpc.pb.h"
#include "veche/events/v1/event_log.grpc.pb.h"

namespace veche::classification {
namespace {

using rpc::testing::Admin;
using rpc::testing::Officer;
using rpc::testing::Resident;
using rpc::testing::TestServer;
using testing::EventFields;
using testing::MakeEvent;
using veche::testing::HasReason;
using veche::testing::StatusIs;

constexpr absl::Duration kPatience = absl::Seconds(60);

// The log and the texts of appeals. Thread-safe.
class FakeAppeals final {
 public:
  class Log final : public ::veche::events::v1::EventLog::Service {
   public:
    explicit Log(FakeAppeals& appeals) : appeals_(appeals) {}
    grpc::Status Follow(grpc::ServerContext* context,
                        const ::veche::events::v1::FollowRequest* request,
                        grpc::ServerWriter<::veche::events::v1::FollowResponse>* writer) override {
      return appeals_.Follow(*context, *request, *writer);
    }

   private:
    FakeAppeals& appeals_;
  };
  class Texts final : public ::veche::appeals::v1::Appeals::Service {
   public:
    grpc::Status BatchGetTexts(grpc::ServerContext*,
                               const ::veche::appeals::v1::BatchGetTextsRequest* request,
                               ::veche::appeals::v1::BatchGetTextsResponse* response) override {
      for (const std::string& name : request->names()) {
        auto& text = *response->add_texts();
        text.set_name(name);
        text.set_text("Нет отопления");
        text.set_district("districts/north");
        text.set_channel("web");
        text.mutable_location()->set_latitude(55.795);
        text.mutable_location()->set_longitude(49.115);
      }
      response->set_examined(request->names_size());
      return grpc::Status::OK;
    }
  };

  void Append(const EventFields& fields) {
    absl::MutexLock lock(&mutex_);
    events_.push_back(MakeEvent(fields));
    events_.back().id = events_.back().cursor = absl::StrFormat("%08d", events_.size());
  }
  void Stop() {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }

  Log log{*this};
  Texts texts;

 private:
  grpc::Status Follow(grpc::ServerContext& context,
                      const ::veche::events::v1::FollowRequest& request,
                      grpc::ServerWriter<::veche::events::v1::FollowResponse>& writer) {
    absl::MutexLock lock(&mutex_);
    size_t next = 0;
    while (next < events_.size() && events_[next].cursor <= request.cursor()) ++next;
    while (!stopping_ && !context.IsCancelled()) {
      ::veche::events::v1::FollowResponse response;
      for (; next < events_.size(); ++next) {
        auto& wire = *response.add_events();
        wire.set_id(events_[next].id);
        wire.set_type(events_[next].type);
        wire.set_subject(events_[next].subject);
        wire.mutable_time()->set_seconds(absl::ToUnixSeconds(events_[next].time));
        wire.set_data(events_[next].data);
        wire.set_cursor(events_[next].cursor);
      }
      if (response.events_size() > 0 && !writer.Write(response)) break;
      const auto changed = [&] { return stopping_ || next < events_.size(); };
      mutex_.AwaitWithTimeout(absl::Condition(&changed), absl::Milliseconds(20));
    }
    return {grpc::StatusCode::UNAVAILABLE, "broken off"};
  }

  absl::Mutex mutex_;
  std::vector<events::Event> events_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

class LearningServiceTest : public ::testing::Test {
 protected:
  LearningServiceTest() {
    rpc::KeepCallbackQueue();
    grpc::ServerBuilder builder;
    builder.RegisterService(&appeals_.log);
    builder.RegisterService(&appeals_.texts);
    peer_ = builder.BuildAndStart();
    channels_.AddLocal("appeals", *peer_);
    config_.mutable_learning()->set_nightly_hour(-1);
    Begin();
  }
  ~LearningServiceTest() override {
    End();
    appeals_.Stop();
    peer_->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }
  void Begin() {
    auto module = CreateClassificationModule(environment_);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    ASSERT_OK(module_->Start());
    module_->StartFollowing();
    stub_ = v1::Classification::NewStub(server_->channel());
  }
  void End() {
    module_->Stop();
    server_.reset();
    module_.reset();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Ask(grpc::Status (v1::Classification::Stub::*method)(
                                   grpc::ClientContext*, const Request&, Response*),
                               const auth::Principal& caller, const Request& request = {}) {
    const auto context = server_->ContextFor(caller);
    Response response;
    absl::Status status = rpc::FromGrpc((stub_.get()->*method)(context.get(), request, &response));
    if (!status.ok()) return status;
    return response;
  }
  v1::ListModelsResponse List() {
    return *Ask(&v1::Classification::Stub::ListModels, Admin("root"), v1::ListModelsRequest());
  }
  template <typename Condition>
  v1::ListModelsResponse WaitFor(Condition condition) {
    const absl::Time end = absl::Now() + kPatience;
    v1::ListModelsResponse response = List();
    while (!condition(response) && absl::Now() < end) {
      std::this_thread::yield();
      response = List();
    }
    EXPECT_TRUE(condition(response)) << response.DebugString();
    return response;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / ("learning_" + RandomToken(6));
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
  FakeAppeals appeals_;
  std::unique_ptr<grpc::Server> peer_;
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Classification::Stub> stub_;
};

TEST_F(LearningServiceTest, CountsEachDecisionOnceAcrossRestarts) {
  int64_t decided = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 20; ++i) {
      const std::string appeal = absl::StrCat("appeals/", decided++);
      appeals_.Append({.type = "registered", .appeal = appeal, .suggested = "categories/snow"});
      appeals_.Append({.appeal = appeal, .previous_category = "categories/snow"});
    }
    if (round == 1) {
      End();
      Begin();
    }
    const auto list = WaitFor([&](const auto& l) { return l.decision_count() == decided; });
    EXPECT_EQ(list.drift().category_agreement().of(), decided);
    EXPECT_EQ(list.drift().category_agreement().value(), 0);
    EXPECT_EQ(list.drift().abstained().of(), decided);
  }
}

TEST_F(LearningServiceTest, TextsComeWithTheirPlacesTheMostExactFirst) {
  const auto texts = AppealTexts(channels_.For("appeals"))->Fetch({"appeals/1", "appeals/2"});
  ASSERT_OK(texts);
  ASSERT_EQ(texts->size(), 2u);
  EXPECT_EQ(texts->at("appeals/1").text, "Нет отопления");
  EXPECT_THAT(texts->at("appeals/2").places,
              ::testing::ElementsAre("cell:5579:4911", "north", "web"));
}

TEST_F(LearningServiceTest, OnlyThoseWhoMayDoSo) {
  const auto train = [&](const auth::Principal& caller) {
    return Ask(&v1::Classification::Stub::TrainModel, caller, v1::TrainModelRequest());
  };
  v1::PromoteModelRequest promote;
  promote.set_version("0123");
  for (const auto& caller : {Resident("ivan"), Officer("ann", "departments/roads")}) {
    EXPECT_THAT(train(caller), HasReason("ROLE_REQUIRED"));
    EXPECT_THAT(Ask(&v1::Classification::Stub::PromoteModel, caller, promote),
                HasReason("ROLE_REQUIRED"));
    EXPECT_THAT(Ask(&v1::Classification::Stub::RollBackModel, caller, v1::RollBackModelRequest()),
                HasReason("ROLE_REQUIRED"));
  }
  EXPECT_THAT(train({}), HasReason("TOKEN_REQUIRED"));
  EXPECT_THAT(Ask(&v1::Classification::Stub::ListModels, Resident("ivan"), v1::ListModelsRequest()),
              HasReason("ROLE_REQUIRED"));
  EXPECT_THAT(Ask(&v1::Classification::Stub::PromoteModel, Admin("root"), promote),
              HasReason("UNKNOWN_MODEL"));
}

TEST_F(LearningServiceTest, ATrainingWithoutDecisionsFailsAndSaysSo) {
  ASSERT_OK(Ask(&v1::Classification::Stub::TrainModel, Admin("root"), v1::TrainModelRequest()));
  const auto list =
      WaitFor([](const auto& l) { return l.training().state() == v1::Training::FAILED; });
  EXPECT_THAT(list.training().reason(), ::testing::HasSubstr("nothing to learn"));
  EXPECT_EQ(list.training().requester(), "staff/root");
}

TEST_F(LearningServiceTest, AStopInTheMiddleOfATrainingIsShortAndItGoesOnAfterwards) {
  appeals_.Append({.appeal = "appeals/1", .previous_category = ""});
  WaitFor([](const auto& l) { return l.decision_count() == 1; });
  const auto asked =
      Ask(&v1::Classification::Stub::TrainModel, Admin("root"), v1::TrainModelRequest());
  ASSERT_OK(asked);
  EXPECT_EQ(asked->state(), v1::Training::RUNNING);
  End();  // the whole seed takes far longer than this
  Begin();
  EXPECT_EQ(List().training().name(), asked->name());
  EXPECT_EQ(List().training().state(), v1::Training::RUNNING);
}

}  // namespace
}  // namespace veche::classification
