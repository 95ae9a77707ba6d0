#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/events/service.h"
#include "common/rpc/dispatcher.h"
#include "common/sql/testing.h"
#include "services/appeals/testing/service_fixture.h"
#include "veche/polling/v1/events.pb.h"

// What polling's log says becomes visible on appeals, through the whole service.

namespace veche::appeals {
namespace {

using rpc::testing::Resident;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// The event log of polling on a real server.
class PollingLog {
 public:
  PollingLog() {
    EXPECT_OK(sql::Migrate(*database_, events::Migrations()));
    auto dispatcher = rpc::Dispatcher::Create(
        {.service = "polling", .callers = rpc::testing::SuiteCallers({"appeals"}), .threads = 2},
        {events::BindEventLog(hub_)}, rpc::testing::TestServer::verifier(), nullptr, clock_,
        telemetry_);
    EXPECT_OK(dispatcher);
    dispatcher_ = *std::move(dispatcher);
    grpc::ServerBuilder builder;
    for (grpc::Service* service : dispatcher_->services()) builder.RegisterService(service);
    server_ = builder.BuildAndStart();
  }
  ~PollingLog() {
    hub_.Stop();
    dispatcher_->Shutdown();
    server_->Shutdown();
  }
  grpc::Server& server() { return *server_; }

  void Append(const std::string& type, const polling::v1::PollingEvent& event) {
    EXPECT_OK(database_->Write([&](sql::Transaction& transaction) {
      return log_.Append(transaction, log_.Make("veche.polling." + type, event.subject(),
                                                event.SerializeAsString()));
    }));
  }

 private:
  SystemClock clock_;
  UlidSource ids_{clock_};
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  std::unique_ptr<sql::Database> database_ = sql::testing::OpenInMemory();
  events::EventLog log_{"polling", *database_, clock_, ids_};
  events::FollowHub hub_{log_, telemetry_};
  std::unique_ptr<rpc::Dispatcher> dispatcher_;
  std::unique_ptr<grpc::Server> server_;
};

class OutcomeServiceTest : public ServiceTest {
 protected:
  void SetUp() override {
    channels_.AddLocal("polling", polling_.server());
    ServiceTest::SetUp();
    module_->StartFollowing();
  }
  void Open(const std::string& poll, const std::string& appeal) {
    polling::v1::PollingEvent event;
    event.set_subject(poll);
    event.add_appeals(appeal);
    polling_.Append("poll_opened", event);
  }
  v1::Appeal WaitForOutcomes(const std::string& name, int count) {
    const absl::Time end = absl::Now() + absl::Seconds(20);
    while (absl::Now() < end) {
      const auto appeal = Get(name);
      if (appeal.ok() && appeal->outcomes_size() >= count) return *appeal;
      std::this_thread::yield();
    }
    ADD_FAILURE() << name << " leads to nothing";
    return {};
  }

  PollingLog polling_;
};

TEST_F(OutcomeServiceTest, AnAppealShowsThePollsThatItLedTo) {
  const auto appeal = Create("Нет освещения во дворе", Resident("ivan"));
  ASSERT_OK(appeal);
  EXPECT_THAT(appeal->outcomes(), IsEmpty());
  Open("polls/a", appeal->name());
  EXPECT_THAT(WaitForOutcomes(appeal->name(), 1).outcomes(), ElementsAre("polls/a"));
  End();
  Open("polls/b", appeal->name());
  Begin();
  module_->StartFollowing();
  EXPECT_THAT(WaitForOutcomes(appeal->name(), 2).outcomes(), ElementsAre("polls/a", "polls/b"));

  v1::GetTimelineRequest request;
  request.set_name(appeal->name());
  const auto timeline = Ask(&v1::Appeals::Stub::GetTimeline, {}, request);
  ASSERT_OK(timeline);
  std::vector<std::string> linked;
  for (const auto& entry : timeline->entries()) {
    if (entry.type() == "LINKED") linked.push_back(entry.comment());
  }
  EXPECT_THAT(linked, ElementsAre(HasSubstr("\npolls/a"), HasSubstr("\npolls/b")));
}

}  // namespace
}  // namespace veche::appeals
