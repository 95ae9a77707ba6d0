#include "services/polling/workers/poll_lane.h"

#include <gmock/gmock.h>

#include <set>

#include "common/rpc/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace veche::polling {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using veche::testing::StatusIs;

class PollLaneTest : public ::testing::Test {
 protected:
  veche::testing::FakeClock clock_;
  const std::shared_ptr<rpc::testing::RecordingLogger> logger_ =
      std::make_shared<rpc::testing::RecordingLogger>();
  observe::Telemetry telemetry_ = [this] {
    observe::Telemetry telemetry = observe::NullTelemetry();
    telemetry.logger = logger_;
    return telemetry;
  }();
  std::vector<std::string> polls_ = {"a", "b", "c"};
  std::set<std::string> failing_;
  std::string reason_ = "the issuer union does not answer";
  std::vector<std::string> done_;
  int progress_ = 0;
  PollLane lane_{{.name = "poll-test",
                  .list = [this]() -> absl::StatusOr<std::vector<std::string>> { return polls_; },
                  .step =
                      [this](absl::string_view id) {
                        done_.emplace_back(id);
                        return failing_.contains(std::string(id)) ? absl::UnavailableError(reason_)
                                                                  : absl::OkStatus();
                      },
                  .on_progress = [this] { ++progress_; },
                  .clock = clock_,
                  .telemetry = telemetry_}};
};

TEST_F(PollLaneTest, PollsThatFailedComeAfterTheOthers) {
  failing_ = {"a"};
  EXPECT_THAT(lane_.RunOnce(), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(done_, ElementsAre("a", "b", "c"));
  EXPECT_EQ(progress_, 2);
  done_.clear();
  EXPECT_FALSE(lane_.RunOnce().ok());
  EXPECT_THAT(done_, ElementsAre("b", "c", "a"));
  failing_.clear();
  EXPECT_OK(lane_.RunOnce());
  done_.clear();
  EXPECT_OK(lane_.RunOnce());
  EXPECT_THAT(done_, ElementsAre("a", "b", "c")) << "it has gone on";
}

TEST_F(PollLaneTest, SaysOnceWhyAPollWaits) {
  failing_ = {"b"};
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(lane_.RunOnce().ok());
  EXPECT_THAT(logger_->lines(), SizeIs(1));
  EXPECT_THAT(logger_->text(), HasSubstr(R"("event":"poll waits","poll":"b")"));
  EXPECT_THAT(logger_->text(), HasSubstr(reason_));
  reason_ = "another reason";
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(lane_.RunOnce().ok());
  EXPECT_THAT(logger_->lines(), SizeIs(2));
  clock_.Advance(absl::Minutes(10));
  EXPECT_FALSE(lane_.RunOnce().ok());
  EXPECT_THAT(logger_->lines(), SizeIs(3)) << "now and then";
  polls_ = {"a"};
  EXPECT_OK(lane_.RunOnce());
  polls_ = {"a", "b"};
  EXPECT_FALSE(lane_.RunOnce().ok());
  EXPECT_THAT(logger_->lines(), SizeIs(4)) << "it waits anew";
}

}  // namespace
}  // namespace veche::polling
