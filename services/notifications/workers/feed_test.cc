#include "services/notifications/workers/feed.h"

#include <gtest/gtest.h>

#include <thread>

#include "services/notifications/streams/convert.h"
#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::ElementsAre;
using testing::FakeWriter;
using testing::MakeEvent;
using testing::Notifications;
using ::testing::SizeIs;

class AlertStreamTest : public ::testing::Test {
 protected:
  AlertStreamTest() { n_.feed.Start(); }

  std::shared_ptr<FakeWriter> Watch(const std::string& resident,
                                    const std::string& last_event_id = "") {
    auto writer = std::make_shared<FakeWriter>();
    v1::WatchNotificationsRequest request;
    request.set_last_event_id(last_event_id);
    EXPECT_OK(n_.calls.WatchNotifications(MakeCall(Resident(resident)), request, writer));
    return writer;
  }
  void MarkAllRead(const std::string& resident) {
    v1::MarkReadRequest request;
    request.set_all(true);
    EXPECT_OK(n_.calls.MarkRead(MakeCall(Resident(resident)), request));
  }

  Notifications n_;
};

TEST_F(AlertStreamTest, AlertsGoToWhomTheyConcern) {
  n_.Subscribe({.subscriber = "residents/a", .districts = {"districts/a"}});
  n_.Subscribe({.subscriber = "residents/b", .districts = {"districts/b"}});
  const auto a = Watch("a"), b = Watch("b");
  n_.Publish({.districts = {"districts/a"}, .title = "А"});
  n_.Publish({.districts = {"districts/b"}, .title = "Б"});
  Alert city = n_.Publish({.title = "Город"});
  n_.Cancel(city);
  a->WaitFor(3);
  b->WaitFor(3);
  EXPECT_THAT(a->titles(), ElementsAre("А", "Город", "Отменено: Город"));
  EXPECT_THAT(b->titles(), ElementsAre("Б", "Город", "Отменено: Город"));
}

TEST_F(AlertStreamTest, AChangedSubscriptionTakesEffectOnOpenStreams) {
  n_.Subscribe({.subscriber = "residents/a", .districts = {"districts/a"}});
  const auto writer = Watch("a");
  n_.Publish({.title = "Раз"});
  writer->WaitFor(1);
  v1::MuteTopicRequest mute;
  mute.set_name("topics/utilities");
  ASSERT_OK(n_.subscription_calls.MuteTopic(MakeCall(Resident("a")), mute));
  n_.Publish({.title = "Два"});
  n_.Publish({.topic = "topics/weather", .title = "Три"});
  writer->WaitFor(2);
  EXPECT_THAT(writer->titles(), ElementsAre("Раз", "Три"));
}

TEST_F(AlertStreamTest, OtherDevicesSeeWhatWasRead) {
  ASSERT_OK(n_.Apply({MakeEvent(1, "started")}));
  const auto writer = Watch("author", ToId(0));
  writer->WaitFor(1);
  MarkAllRead("author");
  MarkAllRead("other");
  ASSERT_OK(n_.Apply({MakeEvent(2, "resolved")}));
  writer->WaitFor(3);
  EXPECT_THAT(writer->types(),
              ElementsAre("veche.appeals.started", "veche.notifications.marked_read",
                          "veche.appeals.resolved"));
}

// Clients disconnect and resume at their last id while notices, alerts and markings come: each gets
// every number that concerns the client once, in order.
TEST_F(AlertStreamTest, ResumesWithoutAGapWhileOthersWrite) {
  constexpr int kRounds = 60;
  n_.Subscribe({.subscriber = "residents/author", .districts = {"districts/a"}});
  std::thread writing([&] {
    for (int i = 1; i <= kRounds; ++i) {
      EXPECT_OK(n_.Apply({MakeEvent(i, "started")}));
      n_.Publish({.districts = {"districts/a"}});
      n_.Publish({.districts = {"districts/b"}});
      MarkAllRead("author");
    }
  });
  std::vector<std::string> seen;
  std::string last = ToId(0);
  while (seen.size() < 3 * kRounds) {
    const auto writer = Watch("author", last);
    writer->WaitFor(std::min<size_t>(7, 3 * kRounds - seen.size()));
    writer->Finish(absl::CancelledError("the client left"));
    const std::vector<std::string> ids = writer->WaitFor(0);
    seen.insert(seen.end(), ids.begin(), ids.end());
    last = seen.back();
  }
  writing.join();
  ASSERT_THAT(seen, SizeIs(3 * kRounds));
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_EQ(seen[3 * i], ToId(4 * i + 1));
    EXPECT_EQ(seen[3 * i + 1], ToId(4 * i + 2));
    EXPECT_EQ(seen[3 * i + 2], ToId(4 * i + 4));
  }
}

}  // namespace
}  // namespace veche::notifications
