#include "services/notifications/inbox/feed_reader.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MakeEvent;
using testing::Notifications;
using ::testing::SizeIs;

std::vector<std::string> TitlesOf(const v1::ListNotificationsResponse& list) {
  std::vector<std::string> titles;
  for (const v1::Notification& each : list.notifications()) titles.push_back(each.title());
  return titles;
}

TEST(FeedTest, MergesAlertsWithOwnMatters) {
  Notifications n;
  n.Subscribe({.subscriber = "residents/author", .districts = {"districts/a"}});
  n.Publish({.districts = {"districts/a"}, .title = "Первое"});
  ASSERT_OK(n.Apply({MakeEvent(1, "started")}));
  n.Publish({.districts = {"districts/b"}, .title = "Чужое"});
  n.Publish({.severity = Severity::kEmergency, .title = "Город"});
  const auto list = n.List("author");
  ASSERT_OK(list);
  EXPECT_THAT(TitlesOf(*list),
              ElementsAre("Город", "Обращение 2026-000001 взято в работу", "Первое"));
  EXPECT_EQ(list->unread_count(), 3);
  const v1::Notification& city = list->notifications(0);
  EXPECT_EQ(city.type(), "veche.alerts.published");
  EXPECT_TRUE(absl::StartsWith(city.subject(), "alerts/"));
  EXPECT_EQ(city.severity(), v1::Alert::EMERGENCY);
  EXPECT_EQ(city.topic(), "topics/utilities");
  EXPECT_EQ(city.reason(), "Вы подписаны на тему «ЖКХ и отключения», это касается всего города.");
  EXPECT_EQ(city.mute(), "/v1/topics/utilities:mute");
  EXPECT_EQ(list->notifications(1).mute(), "/v1/appeals/1:unfollow");
  EXPECT_EQ(list->notifications(2).reason(),
            "Вы подписаны на тему «ЖКХ и отключения», район: Анинский.");
}

TEST(FeedTest, WhoChoseNothingHearsOfTheWholeCity) {
  Notifications n;
  n.Publish({.title = "Раньше"});
  ASSERT_OK(n.List("author"));  // the first look; identity does not answer
  n.Publish({.title = "Теперь"});
  n.Publish({.districts = {"districts/a"}, .title = "Район"});
  const auto list = n.List("author");
  EXPECT_THAT(TitlesOf(*list), ElementsAre("Теперь", "Раньше"));
  EXPECT_EQ(list->unread_count(), 1);
  EXPECT_TRUE(list->notifications(1).read());
}

TEST(FeedTest, ShowsTheNewestPublicationOfAnAlert) {
  Notifications n;
  n.Subscribe({.subscriber = "residents/author"});
  Alert updated = n.Publish({.title = "Вода"});
  updated.content.titles["ru"] = "Вода вечером";
  n.Post(updated);
  const Alert former = n.Publish({.title = "Буря"});
  n.Publish({.title = "Ураган", .supersedes = former.id});
  Alert cancelled = n.Publish({.title = "Парад"});
  n.Cancel(cancelled);
  n.Publish({.title = "Час", .expire_time = n.clock.Now() + absl::Hours(1)});
  n.clock.Advance(absl::Hours(2));
  const auto list = n.List("author");
  EXPECT_THAT(TitlesOf(*list), ElementsAre("Час", "Отменено: Парад", "Обновлено: Ураган",
                                           "Обновлено: Вода вечером"));
  EXPECT_EQ(list->unread_count(), 2);
  EXPECT_THAT(TitlesOf(*n.List("author", /*unread=*/true)),
              ElementsAre("Обновлено: Ураган", "Обновлено: Вода вечером"));
}

TEST(FeedTest, MarksAlertsAsRead) {
  Notifications n;
  n.Subscribe({.subscriber = "residents/author"});
  for (const char* title : {"Раз", "Два", "Три"}) n.Publish({.title = title});
  v1::MarkReadRequest request;
  request.add_names(n.List("author")->notifications(1).name());
  EXPECT_EQ(n.calls.MarkRead(MakeCall(Resident("author")), request)->unread_count(), 2);
  EXPECT_THAT(TitlesOf(*n.List("author", /*unread=*/true)), ElementsAre("Три", "Раз"));
  request.Clear();
  request.set_all(true);
  EXPECT_EQ(n.calls.MarkRead(MakeCall(Resident("author")), request)->unread_count(), 0);
  n.Publish({.title = "Четыре"});
  EXPECT_EQ(n.List("author")->unread_count(), 1);
}

TEST(FeedTest, TheSearchForUnreadAlertsEnds) {
  Notifications n;
  n.Subscribe({.subscriber = "residents/author"});
  n.Publish({.title = "Давно"});
  for (int i = 0; i < 2 * FeedReader::kMostLooked; ++i) {
    n.Publish({.expire_time = n.clock.Now() + absl::Minutes(1)});
  }
  n.Publish({.title = "Недавно"});
  n.clock.Advance(absl::Hours(1));
  EXPECT_THAT(TitlesOf(*n.List("author", /*unread=*/true)), ElementsAre("Недавно"));
  EXPECT_EQ(n.List("author")->unread_count(), 1);
}

TEST(FeedTest, WithoutTheAppThereAreOwnMattersOnly) {
  Notifications n;
  n.Subscribe({.subscriber = "residents/author", .channels = kEmail});
  n.Publish({});
  ASSERT_OK(n.Apply({MakeEvent(1, "started")}));
  EXPECT_THAT(TitlesOf(*n.List("author")), SizeIs(1));
}

// Against a look at every post, page by page.
TEST(FeedTest, AgreesWithBruteForceOnEveryPage) {
  std::mt19937 random(5);
  Notifications n;
  std::vector<Alert> alerts;
  for (int i = 0; i < 250; ++i) {
    const int dice = random() % 10;
    if (dice == 0 && !alerts.empty()) {
      n.Post(alerts[random() % alerts.size()]);
    } else if (dice == 1) {
      ASSERT_OK(n.Apply({MakeEvent(i, "started")}));
    } else {
      std::vector<std::string> districts;
      for (const char* district : {"districts/a", "districts/b", "districts/c"}) {
        if (random() % 3 == 0) districts.push_back(district);
      }
      alerts.push_back(
          n.Publish({.topic = absl::StrCat("topics/t", random() % 5), .districts = districts}));
    }
  }
  for (const Subscription& chosen : std::vector<Subscription>{
           {.districts = {"districts/a"}},
           {.muted = {"topics/t1"}, .districts = {"districts/a", "districts/c"}},
           {.topics = {"topics/t0", "topics/t3"}, .districts = {"districts/b"}},
           {.topics = {"topics/t2"}, .muted = {"topics/t2"}}}) {
    Subscription subscription = chosen;
    subscription.subscriber = "residents/author";
    n.Subscribe(subscription);
    std::vector<std::string> expected;
    for (const Alert& alert : alerts) {
      if (Concerns(InterestOf(subscription), alert.content.topic, alert.districts)) {
        expected.push_back(AlertName(alert.id));
      }
    }
    std::vector<std::string> listed;
    std::vector<std::string> names;
    v1::ListNotificationsRequest request;
    request.set_page_size(7);
    do {
      const auto page = n.calls.ListNotifications(MakeCall(Resident("author")), request);
      ASSERT_OK(page);
      for (const v1::Notification& each : page->notifications()) {
        names.push_back(each.name());
        if (absl::StartsWith(each.subject(), "alerts/")) listed.push_back(each.subject());
      }
      request.set_page_token(page->next_page_token());
    } while (!request.page_token().empty());
    EXPECT_TRUE(std::is_sorted(names.rbegin(), names.rend()));
    std::sort(listed.begin(), listed.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(listed, expected);
  }
}

}  // namespace
}  // namespace veche::notifications
