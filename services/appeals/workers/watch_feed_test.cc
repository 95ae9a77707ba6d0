#include "services/appeals/workers/watch_feed.h"

#include <gtest/gtest.h>

#include <utility>

#include "services/appeals/testing/calls_fixture.h"

namespace veche::appeals {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using rpc::testing::Supervisor;
using veche::testing::StatusIs;

// The receiving end of a stream without a network. Thread-safe.
class FakeWriter final : public Watcher::Writer {
 public:
  bool Write(v1::WatchAppealResponse message) override {
    absl::MutexLock lock(&mutex_);
    states_.push_back(message.appeal().state());
    return true;
  }
  void Finish(absl::Status status) override {
    absl::MutexLock lock(&mutex_);
    if (end_.ok()) end_ = std::move(status);
  }
  void OnDone(std::function<void()>) override {}

  // Waits until `count` messages have come and returns the states that they show.
  std::vector<v1::Appeal::State> WaitFor(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto there = [&] { return states_.size() >= count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&there), absl::Seconds(30)));
    return states_;
  }
  absl::Status end() {
    absl::MutexLock lock(&mutex_);
    return end_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<v1::Appeal::State> states_ ABSL_GUARDED_BY(mutex_);
  absl::Status end_ ABSL_GUARDED_BY(mutex_);
};

class WatchFeedTest : public CallsTest {
 protected:
  std::shared_ptr<FakeWriter> Watch(const std::string& appeal, const auth::Principal& viewer) {
    auto writer = std::make_shared<FakeWriter>();
    v1::WatchAppealRequest request;
    request.set_name(appeal);
    EXPECT_OK(read_calls_.WatchAppeal(MakeCall(viewer), request, writer));
    return writer;
  }
  void Assign(const std::string& appeal) {
    v1::AssignAppealRequest request;
    request.set_name(appeal);
    request.set_department("departments/roads");
    request.set_category("categories/potholes");
    EXPECT_OK(assign_calls_.AssignAppeal(MakeCall(Supervisor("boss")), request));
  }
  void Begin(const std::string& appeal) {
    v1::StartAppealRequest request;
    request.set_name(appeal);
    EXPECT_OK(staff_calls_.StartAppeal(MakeCall(officer_), request));
  }

  WatchFeed feed_{watchers_, store_, log_, observe::NullTelemetry()};
};

// The feed finds its place in the log at its first watcher, which may come after a change.
TEST_F(WatchFeedTest, SendsWhatChangedBeforeItBegan) {
  const v1::Appeal appeal = *Create(Resident("ivan"));
  const auto writer = Watch(appeal.name(), Resident("ivan"));
  EXPECT_EQ(writer->WaitFor(1).size(), 1u);
  Assign(appeal.name());
  feed_.Start();
  EXPECT_EQ(writer->WaitFor(2)[1], v1::Appeal::ASSIGNED);
  Begin(appeal.name());
  EXPECT_EQ(writer->WaitFor(3)[2], v1::Appeal::IN_PROGRESS);
  EXPECT_EQ(writer->WaitFor(3).size(), 3u);
}

TEST_F(WatchFeedTest, SendsToEachOnlyTheAppealThatTheyWatch) {
  feed_.Start();
  const v1::Appeal first = *Create(Resident("ivan"));
  const v1::Appeal second = *Create(Resident("ivan"));
  const auto of_first = Watch(first.name(), Resident("ivan"));
  const auto of_second = Watch(second.name(), officer_);
  Assign(first.name());
  Assign(second.name());
  EXPECT_EQ(of_first->WaitFor(2)[1], v1::Appeal::ASSIGNED);
  EXPECT_EQ(of_second->WaitFor(2)[1], v1::Appeal::ASSIGNED);
  EXPECT_EQ(of_first->WaitFor(2).size(), 2u);
}

TEST_F(WatchFeedTest, StopEndsStreams) {
  feed_.Start();
  const v1::Appeal appeal = *Create(Resident("ivan"));
  const auto writer = Watch(appeal.name(), Resident("ivan"));
  feed_.Stop();
  EXPECT_THAT(writer->end(), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace veche::appeals
