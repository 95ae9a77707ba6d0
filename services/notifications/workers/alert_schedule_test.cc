#include "services/notifications/workers/alert_schedule.h"

#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "common/api/timestamp.h"
#include "services/notifications/testing/alert_fixture.h"

namespace veche::notifications {
namespace {

using testing::AlertCity;
using testing::Editor;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(AlertScheduleTest, MovesAlertsOn) {
  AlertCity city;
  AlertSchedule schedule(*city.database, city.alert_store, city.clock, city.telemetry, [] {});
  v1::Alert draft = AlertCity::Draft();
  *draft.mutable_publish_time() = api::ToTimestamp(city.clock.Now() + absl::Hours(1));
  *draft.mutable_expire_time() = api::ToTimestamp(city.clock.Now() + absl::Hours(2));
  const v1::Alert planned = city.MakePublished(draft);
  EXPECT_EQ(planned.state(), v1::Alert::SCHEDULED);
  ASSERT_OK(schedule.AdvanceDue());
  EXPECT_THAT(city.Posts(), IsEmpty());
  city.clock.Advance(absl::Hours(1));
  ASSERT_OK(schedule.AdvanceDue());
  ASSERT_OK(schedule.AdvanceDue());
  EXPECT_THAT(city.Posts(), SizeIs(1));
  EXPECT_EQ(city.Get(planned.name())->state(), v1::Alert::PUBLISHED);
  city.clock.Advance(absl::Hours(1));
  EXPECT_EQ(city.Get(planned.name())->state(), v1::Alert::EXPIRED);  // before the worker
  ASSERT_OK(schedule.AdvanceDue());
  EXPECT_EQ(city.Get(planned.name(), Editor())->state(), v1::Alert::EXPIRED);
  EXPECT_THAT(city.Posts(), SizeIs(1));
}

// Two replicas: what one of them does, the other does not do again.
class AlertReplicasTest : public ::testing::TestWithParam<sql::testing::TestEngine> {};

TEST_P(AlertReplicasTest, PublishEachDueAlertOnce) {
  auto database = GetParam().open();
  if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
  AlertCity city(std::move(database));
  constexpr int kAlerts = 30;
  for (int i = 0; i < kAlerts; ++i) {
    v1::Alert draft = AlertCity::Draft();
    *draft.mutable_publish_time() = api::ToTimestamp(city.clock.Now() + absl::Hours(1));
    city.MakePublished(draft);
  }
  city.clock.Advance(absl::Hours(1));
  std::vector<std::thread> replicas;
  for (int i = 0; i < 4; ++i) {
    replicas.emplace_back([&] {
      AlertSchedule schedule(*city.database, city.alert_store, city.clock, city.telemetry, [] {});
      EXPECT_OK(schedule.AdvanceDue());
    });
  }
  for (std::thread& replica : replicas) replica.join();
  std::set<std::string> alerts;
  for (const AlertPost& post : city.Posts()) {
    EXPECT_EQ(post.revision, 1);
    EXPECT_TRUE(alerts.insert(post.alert).second) << post.alert;
  }
  EXPECT_THAT(alerts, SizeIs(kAlerts));
}

TEST_P(AlertReplicasTest, PublishOnceWhenTwoEditorsDo) {
  auto database = GetParam().open();
  if (database == nullptr) GTEST_SKIP() << GetParam().name << " is not available";
  AlertCity city(std::move(database));
  const auto draft = city.Create(AlertCity::Draft());
  ASSERT_OK(draft);
  std::atomic<int> published{0};
  std::vector<std::thread> editors;
  for (int i = 0; i < 4; ++i) {
    editors.emplace_back([&] { published += city.Publish(draft->name()).ok() ? 1 : 0; });
  }
  for (std::thread& editor : editors) editor.join();
  EXPECT_EQ(published, 1);
  EXPECT_THAT(city.Posts(), SizeIs(1));
}

INSTANTIATE_TEST_SUITE_P(Engines, AlertReplicasTest, ::testing::ValuesIn(sql::testing::Engines()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace veche::notifications
